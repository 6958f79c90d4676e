import { showAllSettings } from './small-run.ts';
import { expect, test, violations } from './studio.ts';

test('the form shows what each augmentation makes of the set, at the size and seed of the run', async ({ page }) => {
  const seen = page.getByRole('region', { name: 'What it will see' });
  const pictures = seen.getByRole('img');
  const shapes = () =>
    pictures.evaluateAll((images) =>
      images.map((image) =>
        image instanceof HTMLImageElement ? `${image.naturalWidth} x ${image.naturalHeight}` : '',
      ),
    );
  const addresses = () => pictures.evaluateAll((images) => images.map((image) => image.getAttribute('src')));

  await page.goto('#/train');
  await expect(pictures).toHaveCount(7);
  await expect(seen).toContainText('half of them mirrored');
  const whole = await shapes();
  await showAllSettings(page);
  const choice = page.getByLabel('Vary the pictures');
  await choice.selectOption({ label: 'Mirror, scale and crop' });
  await expect(seen).toContainText('at many scales');
  await expect(pictures).toHaveCount(7);
  await expect.poll(shapes).not.toEqual(whole);
  const first = await addresses();
  await page.getByLabel('Seed').fill('7');
  await expect.poll(addresses).not.toEqual(first);
  await choice.selectOption({ label: 'Not at all' });
  await expect(seen).toContainText('as they are');
  expect(await violations(page)).toEqual([]);
});

test('any picture is shown as training gets it, and drawn anew by a key', async ({ page }) => {
  await page.goto('#/train');
  const seen = page.getByRole('region', { name: 'What it will see' });
  await seen.getByRole('button').first().click();
  const dialog = page.getByRole('dialog', { name: 'What training gets of a picture' });
  const pictures = dialog.getByRole('img');
  const addresses = () => pictures.evaluateAll((images) => images.map((image) => image.getAttribute('src')));
  await expect(dialog.getByRole('status')).toHaveText('seed 0, the run’s');
  await expect(pictures).not.toHaveCount(0);
  const first = await addresses();
  await page.keyboard.press('r');
  await expect(dialog.getByRole('status')).toHaveText('seed 1');
  const field = dialog.getByLabel('Picture', { exact: true });
  const before = await field.inputValue();
  await page.keyboard.press('ArrowRight');
  await expect(field).not.toHaveValue(before);
  await field.fill('no such picture');
  await field.press('Enter');
  await expect(dialog).toContainText('No picture has that in its name.');
  await field.fill(before);
  await field.press('Enter');
  await expect.poll(addresses).not.toEqual(first);
  await expect(pictures).not.toHaveCount(0);
  expect(await violations(page)).toEqual([]);
});
