import type { BrowserContext, Page } from 'playwright/test';
import { BASE_URL } from './browser.ts';
import { drop } from './files.ts';
import { fileIn, test } from './own-browser.ts';
import { shardedSet } from './sharded-set.ts';
import { expect } from './studio.ts';

async function openStudio(context: BrowserContext, room: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${BASE_URL}#/${room}`);
  return page;
}

/** The first number in the words of an import, however they go on. */
async function importedSoFar(page: Page): Promise<number> {
  const words = (await page.locator('.import-status').first().textContent()) ?? '';
  return Number(/([\d,]+) images/.exec(words)?.[1]?.replaceAll(',', '') ?? 0);
}

test('an import goes on where the killed browser left it: no sample missing, none twice', async ({
  reopen,
  folder,
}) => {
  const files = [await fileIn(folder, 'cats.tar', await shardedSet(4000))];
  let browser = await reopen();
  let page = await openStudio(browser.context, 'data');
  await drop(page, files);
  await expect.poll(() => importedSoFar(page), { intervals: [50] }).toBeGreaterThan(1100);
  await browser.kill();

  browser = await reopen();
  page = await openStudio(browser.context, 'data');
  const stopped = page.getByRole('region', { name: 'Import of cats stopped' });
  await expect(stopped).toContainText(/stopped at [\d,]+ pictures/);
  await expect(page.locator('.set-list > li')).toHaveCount(1);
  await page.getByLabel('Files of cats').setInputFiles(files);
  await expect(page.locator('.import-status[role=status]')).toContainText(/4,000 images imported \([\d,]+ of them/);
  await expect(page.locator('.set-list > li')).toHaveCount(2);
  await expect(stopped).toBeHidden();
  await browser.kill();
});

test('a run goes on where the killed browser left it, and a second tab does not disturb it', async ({ reopen }) => {
  let browser = await reopen();
  let page = await openStudio(browser.context, 'train');
  let status = page.getByRole('status').last();
  // What is proposed for this adapter takes the place of what was for another, but for what was typed.
  await expect(page.getByText(/computes on the processor, so a short run/)).toBeVisible();
  await page.getByLabel('Steps', { exact: true }).fill('400');
  await page.getByLabel('Image size').fill('64');
  await page.getByLabel('Evaluate every').fill('0');
  await page.getByRole('button', { name: 'All settings' }).click();
  await page.getByLabel('Save every').fill('2');
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(status).toContainText(/step [1-9]\d* of 400/);

  const second = await openStudio(browser.context, 'train');
  await expect(second.getByRole('status').last()).toContainText('in another tab');
  await expect(second.getByRole('main')).toContainText(/trains in another tab, step \d+ of 400/);
  await expect(second.getByRole('button', { name: 'Start training' })).toBeDisabled();
  await second.close();

  await page.bringToFront();
  await expect(status).toContainText(/step ([5-9]|\d\d+) of 400/);
  await browser.kill();

  browser = await reopen();
  page = await openStudio(browser.context, 'train');
  status = page.getByRole('status').last();
  const offers = page.getByRole('region', { name: 'Runs that can go on' });
  await expect(offers).toContainText(/stopped at step \d+ of 400/);
  const saved = Number(/step (\d+) is saved/.exec((await offers.textContent()) ?? '')?.[1]);
  expect(saved).toBeGreaterThanOrEqual(2);
  await offers.getByRole('button', { name: 'Resume' }).click();
  await expect
    .poll(async () => Number(/step (\d+) of 400/.exec((await status.textContent()) ?? '')?.[1]))
    .toBeGreaterThan(saved);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(status).toContainText('Stopped');
  // Each step once, in order, those before the kill and those after it.
  const steps = await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open('detrain');
      request.onsuccess = () => resolve(request.result);
    });
    const keys = await new Promise<IDBValidKey[]>((resolve) => {
      const request = database.transaction('metrics').objectStore('metrics').getAllKeys();
      request.onsuccess = () => resolve(request.result);
    });
    database.close();
    return keys.map((key) => (Array.isArray(key) ? Number(key[1]) : Number.NaN));
  });
  expect(steps).toEqual(Array.from({ length: steps.length }, (_, i) => i + 1));
  expect(steps.length).toBeGreaterThan(saved);
  await browser.kill();
});
