import { readFile } from 'node:fs/promises';
import { BlobReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import type { Page } from 'playwright/test';
import { bundled, drop, fileOf } from './files.ts';
import { expect, test, violations } from './studio.ts';

/** The files of a zip, by name. */
async function unzip(bytes: Uint8Array<ArrayBuffer>): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const reader = new ZipReader(new BlobReader(new Blob([bytes])));
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const entry of await reader.getEntries()) {
    if (!entry.directory) files.set(entry.filename, await entry.getData(new Uint8ArrayWriter()));
  }
  await reader.close();
  return files;
}

function found(page: Page) {
  return page.getByRole('complementary', { name: 'What was found' });
}

async function expectScene(page: Page): Promise<void> {
  const rows = found(page).locator('tbody tr');
  await expect(rows).toHaveCount(3);
  for (const [index, label] of ['cat', 'airplane', 'car'].entries()) await expect(rows.nth(index)).toContainText(label);
}

async function exportAs(page: Page, kind: string): Promise<void> {
  await page.getByRole('main').getByRole('button', { name: 'Export', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: /^Export/ });
  await dialog.getByRole('radio', { name: kind }).check();
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
}

async function closeDialog(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: /^Export/ });
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(dialog).toBeHidden();
}

test('weights are exported after other programs have checked them, and the export is run again', async ({ page }) => {
  // A place as the browser's own dialog would give it, where a test can read it.
  await page.addInitScript(() =>
    Object.assign(window, {
      showSaveFilePicker: async ({ suggestedName }: { suggestedName: string }) =>
        (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true }),
    }),
  );
  await page.goto('#/predict');
  await drop(page, [fileOf('scene.jpg', await readFile(bundled('sample/pictures/2026_000003.jpg')))]);
  await expectScene(page);

  await test.step('transformers.js finds the same, from files of this site alone', async () => {
    await page.getByText('transformers.js', { exact: true }).click();
    await expect(found(page)).toContainText('on WebAssembly, by transformers.js');
    await expectScene(page);
    await page.getByText('Detrain', { exact: true }).last().click();
    await expectScene(page);
  });

  await test.step('a folder for other programs is written where the person said', async () => {
    await exportAs(page, 'Hugging Face folder');
    const receipt = page.getByRole('region', { name: 'Checked by other programs' });
    await expect(receipt).toContainText(/^Exported, 8\.\d+ MB/, { timeout: 120_000 });
    await expect(receipt).toContainText('On 4 pictures, by ONNX Runtime Web');
    await expect(receipt.getByRole('row', { name: /^Other labels/ })).toContainText('0');
    expect(await violations(page)).toEqual([]);
    const bytes = await page.evaluate(async () => {
      const folder = await navigator.storage.getDirectory();
      const file = await (await folder.getFileHandle('tiny-pretrained.zip')).getFile();
      return Array.from(new Uint8Array(await file.arrayBuffer()));
    });
    const files = await unzip(Uint8Array.from(bytes));
    expect([...files.keys()].toSorted()).toEqual(
      [
        'README.md',
        'config.json',
        'images/found.png',
        'model.safetensors',
        'onnx/model.onnx',
        'preprocessor_config.json',
      ].map((name) => `tiny-pretrained/${name}`),
    );
    const card = new TextDecoder().decode(files.get('tiny-pretrained/README.md'));
    expect(card).toContain('## Checked by other implementations');
    await closeDialog(page);
  });

  await test.step('where there is no such dialog an ONNX model is downloaded, and is run again', async () => {
    await page.evaluate(() => Object.assign(window, { showSaveFilePicker: undefined }));
    const downloading = page.waitForEvent('download', { timeout: 120_000 });
    await exportAs(page, 'ONNX model');
    const path = await (await downloading).path();
    await closeDialog(page);
    const zip = { name: 'exported.zip', mimeType: 'application/zip', buffer: await readFile(path) };
    await page.getByLabel('Load weights').setInputFiles(zip);
    await expect(found(page)).toContainText('An ONNX model is run by transformers.js alone');
    await expectScene(page);
  });

  await test.step('a malformed model is told so, and what is loaded after it works', async () => {
    const folder = (name: string) => readFile(bundled(`sample/tiny-detr-emoji/${name}`));
    await drop(page, [
      fileOf('model.onnx', Buffer.alloc(5000, 0x5a)),
      fileOf('config.json', await folder('config.json')),
      fileOf('preprocessor_config.json', await folder('preprocessor_config.json')),
    ]);
    await expect(page.getByRole('alert').filter({ hasText: 'ONNX Runtime could not open the model' })).toBeVisible();
    await page.getByLabel('Weights', { exact: true }).selectOption({ label: 'tiny, pretrained' });
    await expectScene(page);
  });
});
