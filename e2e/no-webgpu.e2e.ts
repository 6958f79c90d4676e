import { launchOptions } from './browser.ts';
import { bundled, drop, fileOf } from './files.ts';
import { shardedSet } from './sharded-set.ts';
import { expect, test, violations } from './studio.ts';

// The same browser as in the other tests, as it starts of its own accord: without an adapter.
test.use({
  launchOptions: { ...launchOptions, args: (launchOptions.args ?? []).filter((arg) => !arg.includes('webgpu')) },
});

test('without a graphics adapter the page says what to do, and Data, Predict and Runs work', async ({ page }) => {
  await page.goto('');
  const adapter = await page.evaluate(async () => (await navigator.gpu?.requestAdapter()) ?? null);
  expect(adapter, 'this browser has an adapter after all').toBeNull();
  expect(await violations(page)).toEqual([]);

  for (const room of ['Train', 'Evaluate']) {
    await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: room }).click();
    const note = page.getByRole('main', { name: room }).getByRole('region', { name: 'No WebGPU' });
    await expect(note).toContainText('This room computes with WebGPU, and the browser offers none');
    await expect(note).toContainText('Use graphics acceleration when available');
    await expect(note).toContainText('Data, Predict and Runs work without it');
    await expect(note.getByRole('button', { name: 'Look again' })).toBeEnabled();
    expect(await violations(page), room).toEqual([]);
    if (room === 'Train') await expect(page.getByRole('button', { name: 'Start training' })).toBeDisabled();
  }

  await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Predict' }).click();
  const note = page.getByRole('main', { name: 'Predict' }).getByRole('region', { name: 'No WebGPU' });
  await expect(note).toContainText('transformers.js predicts, on the processor');
  await page.getByLabel('Add images').setInputFiles(bundled('sample/pictures/2026_000003.jpg'));
  const found = page.getByRole('complementary', { name: 'What was found' });
  await expect(found.locator('tbody tr')).toHaveCount(3);
  await expect(found).toContainText('on WebAssembly, by transformers.js');
  expect(await violations(page), 'Predict').toEqual([]);

  await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Data' }).click();
  await expect(page.getByRole('region', { name: 'No WebGPU' })).toBeHidden();
  await drop(page, [fileOf('cats.tar', await shardedSet(30))]);
  await expect(page.locator('.import-status[role=status]')).toContainText('30 images imported');
  await page
    .getByRole('list', { name: /^Pictures of/ })
    .getByRole('button')
    .first()
    .click();
  await expect(page.getByRole('dialog')).toContainText('1 of 30');
  await page.keyboard.press('Escape');

  await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Runs' }).click();
  await expect(page.getByRole('main', { name: 'Runs' }).getByRole('heading').first()).toBeVisible();
  await expect(page.getByRole('region', { name: 'No WebGPU' })).toBeHidden();
  expect(await violations(page)).toEqual([]);
});
