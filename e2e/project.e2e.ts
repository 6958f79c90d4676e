import { readFile } from 'node:fs/promises';
import { drop, fileOf } from './files.ts';
import { askToSave, clearStorage, kept } from './kept.ts';
import { shardedSet } from './sharded-set.ts';
import { fillSmallRun } from './small-run.ts';
import { expect, test, violations } from './studio.ts';

const WINE = 'rgb(136, 34, 85)';

test('what is kept goes out as one file, and after the storage was cleared all of it comes in again', async ({
  page,
  baseURL,
}, info) => {
  // As in a browser that has no dialog for it: the file is downloaded.
  await page.addInitScript(() => Object.assign(window, { showSaveFilePicker: undefined }));
  await page.goto('');
  await drop(page, [fileOf('cats.tar', await shardedSet(12))]);
  await expect(page.locator('.import-status[role=status]')).toContainText('12 images imported');
  await page.getByRole('tab', { name: 'Classes' }).click();
  const swatch = page.getByRole('button', { name: 'Colour of cat' });
  await swatch.click();
  await page.getByRole('dialog', { name: 'Colour of cat' }).getByRole('button', { name: 'wine' }).click();
  await expect(swatch).toHaveCSS('background-color', WINE);
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
    await clearStorage(page, baseURL ?? '');
    await expect(page.getByRole('button', { name: 'Train on this' })).toBeVisible();
    await drop(page, [fileOf('project.zip', await readFile(path))]);
    const dialog = page.getByRole('dialog', { name: 'Open a project' });
    await dialog.getByRole('button', { name: 'Open', exact: true }).click();
    await expect(dialog.getByRole('status')).toContainText('1 data set and 1 run added.');
    await expect(dialog.getByRole('status')).toContainText('colours of classes and other settings were taken over');
    expect(await kept(page)).toEqual(before);
    await page.screenshot({ path: 'test-results/project-opened.png' });
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('button', { name: /^SMALL/ }).click();
    await page.getByRole('tab', { name: 'Classes' }).click();
    await expect(swatch).toHaveCSS('background-color', WINE);
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
