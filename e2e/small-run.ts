import type { Page } from 'playwright/test';

export interface SmallRun {
  readonly steps: number;
  /** In steps; left as proposed where it is not given. */
  readonly saveEvery?: number;
}

/** Fills the form of the Train room for a run that a software device steps through quickly: tiny pictures, no evaluation. */
export async function fillSmallRun(page: Page, { steps, saveEvery }: SmallRun): Promise<void> {
  await page.getByLabel('Steps', { exact: true }).fill(String(steps));
  await page.getByLabel('Image size').fill('64');
  await page.getByLabel('Evaluate every').fill('0');
  if (saveEvery === undefined) return;
  await showAllSettings(page);
  await page.getByLabel('Save every').fill(String(saveEvery));
}

/** Opens the part of the form that most people leave as it is. */
export async function showAllSettings(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'All settings' });
  if ((await button.getAttribute('aria-expanded')) === 'false') await button.click();
}
