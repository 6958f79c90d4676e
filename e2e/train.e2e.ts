import { readFile } from 'node:fs/promises';
import { expect, test, violations } from './studio.ts';

/** Pictures that the page shows of the last evaluation, and as few as make an AP50. */
const EVALUATED = '2';

test('three steps are drawn, their weights are downloaded and predict; another run is paused and stopped', async ({
  page,
}, info) => {
  await page.goto('');
  await expect(page.getByText(/computes on the processor, so a short run/)).toBeVisible();
  await expect(page.getByLabel('Batch')).toHaveValue('1');
  await expect(page.getByLabel('Image size')).toHaveValue('160');

  await page.getByRole('button', { name: 'All settings' }).click();
  await page.getByLabel('Learning rate').fill('fast');
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(page.getByText('"fast" does not fit here: give a rate above 0')).toBeVisible();
  await expect(page.getByLabel('Learning rate')).toBeFocused();

  await page.getByLabel('Learning rate').fill('2e-4');
  await page.getByLabel('Pictures per evaluation').fill(EVALUATED);
  await page.getByLabel('Steps').fill('3');
  await page.getByLabel('Evaluate every').fill('3');
  await page.getByRole('button', { name: 'Start training' }).click();

  const status = page.getByRole('status');
  await expect(status).toContainText(/step \d of 3/);
  await expect(status).toContainText('Training "emoji-scenes 1"');
  await expect(status).toContainText('Finished', { timeout: 400_000 });
  await expect(status).toContainText('step 3 of 3');

  await expect(page.getByText(/After step 3 the total loss is \d/)).toBeAttached();
  await expect(page.getByText(/AP50 is [\d.]+ at step 3/)).toBeAttached();
  const drawn = await page.locator('.chart canvas').evaluateAll((canvases) =>
    canvases.map((canvas) => {
      if (!(canvas instanceof HTMLCanvasElement)) return 0;
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      return new Set(new Uint32Array(Uint8ClampedArray.from(data).buffer)).size;
    }),
  );
  expect(drawn).toHaveLength(4);
  for (const colours of drawn) expect(colours).toBeGreaterThan(10);
  const sees = page.getByRole('region', { name: 'What it sees' });
  await expect(sees.getByRole('img')).toHaveCount(Number(EVALUATED));
  await expect(sees).toContainText('step 3');

  expect(await violations(page)).toEqual([]);

  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download weights' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/\.safetensors$/);
  const path = info.outputPath(download.suggestedFilename());
  await download.saveAs(path);
  const bytes = await readFile(path);
  const header: unknown = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE())).toString('utf8'));
  expect(header).toMatchObject({
    __metadata__: { format: 'pt', 'detrain.config': expect.stringContaining('aeroplane') },
  });

  await page.getByRole('button', { name: 'Try it' }).click();
  await expect(page.getByLabel('Weights', { exact: true })).toHaveValue('run emoji-scenes 1');
  await page.getByRole('button', { name: 'Sample picture 2026_000003.jpg' }).click();
  await expect(page.getByRole('img', { name: /: found .*aeroplane/ })).toBeVisible();

  await page.getByLabel('Load weights').setInputFiles(path);
  await expect(page.getByLabel('Weights', { exact: true })).toHaveValue('file');
  await expect(page.getByText('6 classes: aeroplane, bicycle, bus, car, cat, dog')).toBeVisible();
  await expect(page.getByRole('img', { name: /: found .*aeroplane/ })).toBeVisible();

  // On the same page, whose shaders are compiled: a run that is paused, goes on, and is stopped.
  await page.getByRole('link', { name: 'Train' }).click();
  await page.getByLabel('Steps').fill('500');
  await page.getByLabel('Evaluate every').fill('0');
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(status).toContainText(/step [1-9]\d* of 500/);
  await page.getByRole('link', { name: 'Runs' }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(status).toContainText('Paused');
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(status).toContainText('Training');
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(status).toContainText('Stopped');
  await page.getByRole('navigation').getByRole('link', { name: 'Train' }).click();
  await expect(page.getByText('never evaluated')).toBeVisible();
  const again = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download weights' }).click();
  expect((await again).suggestedFilename()).toMatch(/\.safetensors$/);

  await page.getByRole('link', { name: 'Predict' }).click();
  const weights = page.getByLabel('Weights', { exact: true });
  await weights.selectOption('run "emoji-scenes 2"');
  await expect(weights).toHaveValue('run emoji-scenes 2');
});
