import type { Page } from 'playwright/test';
import { expect, violations } from './studio.ts';

/** Asks for the import of what lies at an address, as a person does. */
export async function importFrom(page: Page, address: string): Promise<void> {
  await page.getByRole('button', { name: 'Other ways to import' }).click();
  await page.getByRole('menuitem', { name: 'From an address' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import from an address' });
  await dialog.getByLabel(/Address of/).fill(address);
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Import' }).click();
}

/** Agrees that it is fetched from another site. */
export async function agree(page: Page): Promise<void> {
  await page.getByRole('dialog', { name: 'Fetch from another site?' }).getByRole('button', { name: 'Fetch' }).click();
}
