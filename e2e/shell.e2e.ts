import { expect, test, violations } from './studio.ts';

const ROOMS = ['Data', 'Train', 'Evaluate', 'Predict', 'Runs'] as const;

test('the studio opens on Train, and its five rooms are reached by keyboard and kept over a reload', async ({
  page,
}) => {
  await page.goto('');
  await expect(page).toHaveURL(/#\/train$/);
  await expect(page.getByRole('button', { name: 'Start training' })).toBeVisible();
  await expect(page.getByRole('status')).toContainText('Nothing is running');
  const links = page.getByRole('navigation').getByRole('link');
  await expect(links).toHaveText([...ROOMS]);

  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  for (const room of ROOMS) {
    await expect(page.getByRole('navigation').getByRole('link', { name: room })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(new RegExp(`#/${room.toLowerCase()}$`));
    await expect(page.getByRole('navigation').getByRole('link', { name: room })).toHaveAttribute(
      'aria-current',
      'page',
    );
    await expect(page).toHaveTitle(`${room} · Detrain`);
    await page.keyboard.press('Tab');
  }
  await page.reload();
  await expect(page.getByRole('link', { name: 'Runs' })).toHaveAttribute('aria-current', 'page');
});

test('the theme is remembered, and stands before the page is drawn', async ({ page, complaints }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto('#/data');
  const html = page.locator('html');
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'light');
  const toggle = page.getByRole('button', { name: /^Theme/ });
  await toggle.click();
  await toggle.click();
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'dark');
  // Without the page's own script only the few lines in the head can have set it; the policy must allow them.
  await page.route('**/assets/*.js', (route) => route.abort());
  await page.reload();
  await expect(html).toHaveAttribute('data-mantine-color-scheme', 'dark');
  expect(complaints.filter((complaint) => complaint.includes('Content Security Policy'))).toEqual([]);
  complaints.length = 0;
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no room has an accessibility violation, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const room of ROOMS) {
      await page.goto(`#/${room.toLowerCase()}`);
      await expect(page.getByRole('navigation').getByRole('link', { name: room })).toHaveAttribute(
        'aria-current',
        'page',
      );
      if (room === 'Train') {
        await page.getByRole('button', { name: 'All settings' }).click();
        await expect(page.getByRole('button', { name: 'Start training' })).toBeEnabled();
      }
      expect(await violations(page), room).toEqual([]);
    }
  });
}

test('on a narrow screen the links are a bar at the bottom and nothing scrolls sideways', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const room of ROOMS) {
    await page.goto(`#/${room.toLowerCase()}`);
    const box = await page.getByRole('navigation').boundingBox();
    expect(box?.y).toBeGreaterThan(760);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(844);
  }
});

test('a worker that does not load is told where one looks for the graphics card', async ({ page, complaints }) => {
  await page.route('**/assets/train.worker*', (route) => route.abort());
  await page.goto('');
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('The training worker could not start');
  await page.unroute('**/assets/train.worker*');
  await alert.getByRole('button', { name: 'Look again' }).click();
  await expect(page.getByRole('button', { name: 'Start training' })).toBeEnabled();
  await expect(alert).toBeHidden();
  complaints.length = 0;
});
