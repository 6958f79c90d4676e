import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright/test';
import { BASE_URL } from './browser.ts';
import { drop, fileOf } from './files.ts';
import { test as testOfBrowsers } from './own-browser.ts';
import { shardedSet } from './sharded-set.ts';
import { expect, test } from './studio.ts';

async function importCats(page: Page): Promise<void> {
  await drop(page, [fileOf('cats.tar', await shardedSet(30))]);
  await expect(page.locator('.import-status[role=status]')).toContainText('30 images imported');
  await expect(page.locator('.set-list > li')).toHaveCount(2);
}

test('a newer studio in another tab takes the storage over: the old page says to reload, and then why it cannot', async ({
  page,
  context,
}) => {
  await page.goto('');
  await importCats(page);
  const newer = await context.newPage();
  await newer.goto('manifest.webmanifest');
  await newer.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const request = indexedDB.open('detrain', 99);
        request.onsuccess = () => resolve();
        request.onerror = () => reject(request.error);
      }),
  );
  await page.bringToFront();
  await expect(page.getByRole('alert')).toContainText('The studio was updated in another tab: reload this one.');
  await page.getByRole('alert').getByRole('button', { name: 'Reload' }).click();
  await expect(page.getByText(/a newer version of the studio open, which changed the storage/).first()).toBeVisible();
});

/** The manifests of the database in this profile: what LevelDB reads first. */
async function manifests(profile: string): Promise<string[]> {
  const storage = join(profile, 'Default/IndexedDB');
  const found: string[] = [];
  for (const database of await readdir(storage)) {
    if (!database.endsWith('.leveldb')) continue;
    for (const file of await readdir(join(storage, database))) {
      if (file.startsWith('MANIFEST-')) found.push(join(storage, database, file));
    }
  }
  return found;
}

testOfBrowsers(
  'a damaged database is said to be one, and once it is deleted the loss is told until it was read',
  async ({ reopen, folder }) => {
    let { context } = await reopen();
    let page = await context.newPage();
    await page.goto(BASE_URL);
    await importCats(page);
    await context.close();

    const found = await manifests(join(folder, 'profile'));
    expect(found).toHaveLength(1);
    for (const file of found) await rm(file);
    ({ context } = await reopen());
    page = await context.newPage();
    const alert = page.getByRole('alert').first();
    await page.goto(BASE_URL);
    await expect(alert).toContainText('can be neither read nor kept');
    await expect(alert).toContainText("delete this site's data in the browser's settings");

    // As a browser that clears its storage for want of space.
    const cdp = await context.newCDPSession(page);
    await cdp.send('Storage.clearDataForOrigin', { origin: new URL(BASE_URL).origin, storageTypes: 'indexeddb' });
    await page.reload();
    await expect(alert).toContainText('1 data set that this browser kept is gone, and nobody deleted');
    await page.reload();
    await expect(alert).toContainText('Import the data sets again');
    await page.getByRole('button', { name: 'I have read it' }).click();
    await expect(alert).toBeHidden();
    await page.reload();
    await expect(page.getByRole('button', { name: 'Train on this' })).toBeVisible();
    await expect(alert).toBeHidden();
    // The studio goes on.
    await importCats(page);
  },
);
