import { fillSmallRun } from './small-run.ts';
import { expect, test, violations } from './studio.ts';

test('the rows that classes start from are shown, chosen by keyboard, and used', async ({ page }) => {
  await page.goto('#/train');
  await expect(page.getByText('3 of 6 classes known')).toBeVisible();
  const button = page.getByRole('button', { name: 'Class rows' });
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(button).toHaveAttribute('aria-expanded', 'true');
  await expect(page.getByLabel('Row that aeroplane starts from')).toHaveValue(/airplane/);

  const dog = page.getByLabel('Row that dog starts from');
  await dog.selectOption('cat');
  await expect(page.getByText('4 of 6 classes known')).toBeVisible();
  await expect(page.getByText(/"cat" and "dog" start from one row/)).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Back to the names' }).click();
  await expect(page.getByText('3 of 6 classes known')).toBeVisible();

  await dog.selectOption('cat');
  await page.getByLabel('Row that car starts from').selectOption('new');
  await page.getByLabel('Row that bus starts from').selectOption('car');
  await fillSmallRun(page, { steps: 1 });
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(page.getByText('4 of 6 classes started from known rows')).toBeVisible({ timeout: 120_000 });
  await expect(page.getByRole('button', { name: 'Download weights' })).toBeVisible({ timeout: 120_000 });
});
