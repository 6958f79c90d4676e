import type { Locator, Page } from 'playwright/test';
import { expect, test, violations } from './studio.ts';

/** Presses Tab until that has the focus, as somebody without a pointer does. */
async function tabTo(page: Page, goal: Locator): Promise<void> {
  await goal.waitFor();
  for (let presses = 0; presses < 60; presses++) {
    if (await goal.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`60 presses of Tab do not lead to ${goal.toString()}`);
}

test('with the keyboard alone, from the first page to a picture of the set and to a prediction', async ({ page }) => {
  await page.goto('');
  await expect(page.getByRole('button', { name: 'Train on this' })).toBeVisible();

  await test.step('? lists the keys', async () => {
    await page.keyboard.press('?');
    const keys = page.getByRole('dialog', { name: 'Keys' });
    await expect(keys).toContainText('Go to Predict');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(keys).toBeHidden();
  });

  await test.step('arrows go through the pictures of the set, and Enter opens one', async () => {
    const cells = page.getByRole('list', { name: /^Pictures of/ }).getByRole('button');
    await tabTo(page, cells.first());
    await page.keyboard.press('ArrowRight');
    await expect(cells.nth(1)).toBeFocused();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText(/2 of \d+/);
    await page.keyboard.press('ArrowRight');
    await expect(dialog).toContainText(/3 of \d+/);
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(cells.nth(2)).toBeFocused();
  });

  await test.step('g and a letter go to a room, and the room has the focus', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await expect(page).toHaveURL(/#\/predict$/);
    await expect(page.getByRole('main', { name: 'Predict' })).toBeFocused();
  });

  await test.step('a sample picture is predicted, and arrows go through its boxes', async () => {
    await tabTo(page, page.getByRole('button', { name: 'Sample picture 2026_000003.jpg' }));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('img', { name: /^2026_000003.jpg: found cat, airplane, car/ })).toBeVisible({
      timeout: 300_000,
    });
    const rows = page.getByRole('complementary', { name: 'What was found' }).locator('tbody tr');
    await tabTo(page, page.getByRole('slider', { name: 'Threshold' }));
    await page.keyboard.press('Home');
    await expect.poll(() => rows.count()).toBeGreaterThan(3);
    await tabTo(page, rows.first().getByRole('button'));
    await page.keyboard.press('ArrowDown');
    await expect(rows.nth(1)).toHaveAttribute('data-on', 'true');
    await page.keyboard.press('End');
    await expect(rows.last()).toHaveAttribute('data-on', 'true');
  });
});
