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
