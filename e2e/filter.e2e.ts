import { expect, test } from './studio.ts';

test('pictures are filtered by name and by class; what is listed, counted and opened is what passes', async ({
  page,
}) => {
  await page.goto('#/data');
  const pictures = page.getByRole('list', { name: /^Pictures of emoji-scenes/ });
  const names = pictures.locator('.sample-caption > span:first-child');
  await expect(names.first()).toHaveText('2026_000001');
  const search = page.getByRole('searchbox', { name: 'Search pictures by name' });
  const count = page.locator('.filter-count');

  // As fast as one types: the rows of one filter are still drawn while the next comes.
  await search.pressSequentially('_00012', { delay: 30 });
  await expect(count).toHaveText('10 of 400 shown');
  const expected = Array.from({ length: 10 }, (_, i) => `2026_00012${i}`);
  await expect(names).toHaveText(expected);
  await expect(pictures.getByRole('listitem').first()).toHaveAttribute('aria-setsize', '10');
  for (const picture of await pictures.locator('img').all()) await expect(picture).toHaveAttribute('src', /^blob:/);

  await pictures.getByRole('button', { name: /^2026_000123,/ }).click();
  await expect(page.getByRole('dialog', { name: '2026_000123' })).toContainText('4 of 10');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: /^cat \d/ }).click();
  await expect(count).toHaveText(/^[1-9] of 400 shown$/);
  const shown = Number((await count.textContent())?.split(' ')[0]);
  await expect(names).toHaveCount(shown);
  for (const name of await names.allTextContents()) expect(expected).toContain(name);

  await search.fill('nothing is called so');
  await expect(count).toHaveText('0 of 400 shown');
  await page.getByRole('button', { name: 'Clear filters' }).last().click();
  await expect(count).toHaveText('');
  await expect(names.first()).toHaveText('2026_000001');
  await expect(names.nth(20)).toHaveText('2026_000021');
});
