import { expect, test, violations } from './studio.ts';

test('from a picture that a run has seen to its label and back; the sample set is copied on the way, at that picture', async ({
  page,
}) => {
  await page.goto('#/train');
  await page.getByLabel('Steps', { exact: true }).fill('2');
  await page.getByLabel('Image size').fill('64');
  await page.getByLabel('Evaluate every').fill('2');
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(page.getByRole('status').last()).toContainText('Finished', { timeout: 300_000 });
  expect(await violations(page)).toEqual([]);
  const seen = page.locator('.strip-link').nth(1);
  const picture = new URLSearchParams((await seen.getAttribute('href'))?.split('?')[1]).get('picture') ?? '';
  await seen.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('note')).toContainText('Read only');
  await expect(page.getByRole('heading', { level: 1 })).toContainText(picture);
  await page.getByRole('link', { name: 'Back' }).click();
  await expect(page).toHaveURL(/#\/train$/);
  const heading = page.getByRole('heading', { level: 1 });
  await seen.click();
  await expect(heading).toHaveAttribute('title', picture);
  await page.keyboard.press('d');
  await expect(heading).not.toHaveAttribute('title', picture);
  const next = await heading.getAttribute('title');
  await page.getByRole('button', { name: 'Copy and edit' }).click();
  await expect(page.getByText('All saved')).toBeVisible();
  await expect(heading).toHaveAttribute('title', next ?? '');
});
