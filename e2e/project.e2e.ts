import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright/test';
import { drop, fileOf } from './files.ts';
import { shardedSet } from './sharded-set.ts';
import { fillSmallRun } from './small-run.ts';
import { expect, test, violations } from './studio.ts';

/** Everything that is kept here, each value by its sha256; of checkpoints the newest of each file, wherever it lies. */
async function kept(page: Page): Promise<Record<string, readonly string[]>> {
  return page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('detrain');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const hex = (bytes: ArrayBuffer) =>
      Array.from(new Uint8Array(bytes), (b) => b.toString(16).padStart(2, '0')).join('');
    const all: Record<string, string[]> = {};
    for (const name of ['data-sets', 'pictures', 'runs', 'metrics', 'checkpoints', 'imports']) {
      const store = database.transaction(name).objectStore(name);
      const [keys, values] = await Promise.all(
        [store.getAllKeys(), store.getAll()].map(
          (request) =>
            new Promise<unknown[]>((resolve) => request.addEventListener('success', () => resolve(request.result))),
        ),
      );
      const newest = new Map<string, string>();
      for (const [at, key] of (keys ?? []).entries()) {
        const value = values?.[at];
        const parts = (Array.isArray(key) ? key : [key]) as (string | number)[];
        if (name === 'data-sets' && ['revision', 'looks'].includes(String(parts[1]))) continue;
        const place = name === 'checkpoints' ? [parts[0], parts[1], ...parts.slice(3)] : parts;
        // What a run takes on the disk hangs on how many checkpoints it keeps.
        const text = JSON.stringify(value, (field, inner) => {
          if (name === 'runs' && field === 'bytes') return 0;
          // In which order a record's fields were written says nothing.
          if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
          return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
        });
        const bytes = value instanceof ArrayBuffer ? value : new TextEncoder().encode(text);
        newest.set(JSON.stringify(place), hex(await crypto.subtle.digest('SHA-256', bytes)));
      }
      all[name] = [...newest].map(([place, hash]) => `${place} ${hash}`).sort();
    }
    database.close();
    return all;
  });
}

async function askToSave(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Project' }).click();
  await page.getByRole('menuitem', { name: /^Save everything/ }).click();
}

test('what is kept goes out as one file, and after the storage was cleared all of it comes in again', async ({
  page,
  context,
  baseURL,
}, info) => {
  // As in a browser that has no dialog for it: the file is downloaded.
  await page.addInitScript(() => Object.assign(window, { showSaveFilePicker: undefined }));
  await page.goto('');
  await drop(page, [fileOf('cats.tar', await shardedSet(12))]);
  await expect(page.locator('.import-status[role=status]')).toContainText('12 images imported');
  await page.getByRole('button', { name: 'Train on this' }).click();
  await fillSmallRun(page, { steps: 2 });
  await page.getByLabel('Name of the run').fill('two steps');
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(page.getByRole('status').last()).toContainText('Finished "two steps"', { timeout: 300_000 });
  const before = await kept(page);
  expect(before.pictures).toHaveLength(12);
  expect(before.checkpoints?.length).toBeGreaterThan(1);

  const path = info.outputPath('project.zip');
  await test.step('out', async () => {
    await askToSave(page);
    const dialog = page.getByRole('dialog', { name: 'Save a project' });
    await expect(dialog.getByRole('checkbox', { name: 'SMALL' })).toBeChecked();
    await expect(dialog.getByText(/^2 steps on SMALL, /)).toBeVisible();
    expect(await violations(page)).toEqual([]);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Save', exact: true }).click(),
    ]);
    await download.saveAs(path);
    await expect(dialog.getByRole('status')).toContainText('1 data set and 1 run saved');
  });

  await test.step('the storage is cleared, and all comes in again, the same to the byte', async () => {
    const cdp = await context.newCDPSession(page);
    await page.goto('about:blank');
    await cdp.send('Storage.clearDataForOrigin', { origin: new URL(baseURL ?? '').origin, storageTypes: 'all' });
    await page.goto('');
    await expect(page.getByRole('button', { name: 'Train on this' })).toBeVisible();
    await drop(page, [fileOf('project.zip', await readFile(path))]);
    const dialog = page.getByRole('dialog', { name: 'Open a project' });
    await dialog.getByRole('button', { name: 'Open', exact: true }).click();
    await expect(dialog.getByRole('status')).toContainText('1 data set and 1 run added.');
    expect(await kept(page)).toEqual(before);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
  });

  await test.step('again nothing is added; one that is cut off is refused, and changes nothing', async () => {
    await drop(page, [fileOf('project.zip', await readFile(path))]);
    const dialog = page.getByRole('dialog', { name: 'Open a project' });
    await dialog.getByRole('button', { name: 'Open', exact: true }).click();
    await expect(dialog.getByRole('status')).toContainText('0 data sets and 0 runs added. 2 were there already.');
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await drop(page, [fileOf('half.zip', (await readFile(path)).subarray(0, 20_000))]);
    await dialog.getByRole('button', { name: 'Open', exact: true }).click();
    await expect(dialog.getByRole('alert')).toContainText('is cut off or damaged');
    expect(await kept(page)).toEqual(before);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
  });

  await test.step('the run finds its set, and can be evaluated', async () => {
    await page.goto('#/runs');
    await page.getByRole('button', { name: 'What to do with two steps' }).click();
    await expect(page.getByRole('menuitem', { name: 'Evaluate' })).toBeVisible();
  });
});
