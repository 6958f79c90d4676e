import { packTar } from 'modern-tar';
import type { Page } from 'playwright/test';
import sharp from 'sharp';
import { seededRandom } from '../src/base/random.ts';
import { fileOf } from './files.ts';
import { expect, test, violations } from './studio.ts';

/** Eight pictures with a box each; the last is the first at half its size and on the other side; a name is spelt in two ways. */
async function setWithFaults(): Promise<Uint8Array> {
  const pictures = await Promise.all(Array.from({ length: 7 }, (_, i) => circles(i)));
  const [first] = pictures;
  const half = await sharp(first).resize(100).jpeg({ quality: 60 }).toBuffer();
  const entries: [string, Uint8Array | string][] = [];
  const xml = (objects: string[]) => `<annotation>${objects.join('')}</annotation>`;
  const object = (name: string, right: number) =>
    `<object><name>${name}</name><bndbox><xmin>5</xmin><ymin>5</ymin><xmax>${right}</xmax><ymax>60</ymax></bndbox></object>`;
  for (const [i, picture] of [...pictures, half].entries()) {
    entries.push([`JPEGImages/p${i}.jpg`, picture]);
    const doubled = i === 2 ? [object('cat', 61)] : [];
    entries.push([`Annotations/p${i}.xml`, xml([object(i === 1 ? 'Cat' : 'cat', 60), ...doubled])]);
  }
  const ids = Array.from({ length: 8 }, (_, i) => `p${i}`);
  entries.push(['ImageSets/Main/train.txt', ids.slice(0, 6).join('\n')]);
  entries.push(['ImageSets/Main/val.txt', ids.slice(6).join('\n')]);
  return packTar(
    entries.map(([name, body]) => ({ header: { name: `VOCdevkit/FAULTS/${name}`, size: body.length }, body })),
  );
}

/** A picture of twelve circles, others for each number. */
function circles(number: number): Promise<Buffer> {
  const random = seededRandom(number);
  const drawn = Array.from({ length: 12 }, () => {
    const [x, y, r] = [random.below(200), random.below(150), 8 + random.below(40)];
    return `<circle cx="${x}" cy="${y}" r="${r}" fill="hsl(${random.below(360)} 70% ${20 + random.below(60)}%)"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="150"><rect width="200" height="150" fill="#888"/>${drawn.join('')}</svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 90 }).toBuffer();
}

const tab = (page: Page, name: string) => page.getByRole('tab', { name });

test('what is wrong in a set is found, mended as a version, and undone', async ({ page }) => {
  await page.goto('#/data');
  const input = page.getByLabel('Import data set', { exact: true }).last();
  await input.setInputFiles([fileOf('faults.tar', await setWithFaults())]);
  await expect(page.locator('.import-status[role=status]')).toContainText('8 images imported');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await tab(page, 'Check').click();
  await page.getByRole('button', { name: 'Check this set' }).click();
  const duplicates = page.getByRole('region', { name: '1 picture is in the set more than once' });
  await expect(duplicates).toContainText('both trained on and measured on');
  await expect(duplicates.getByRole('button', { name: /^p[07], / })).toHaveCount(2);
  await expect(page.getByRole('region', { name: '1 odd box' })).toContainText('it is counted twice');
  const classes = page.getByRole('region', { name: /on classes/ });
  await expect(classes).toContainText('may be one class');
  expect(await violations(page)).toEqual([]);

  await duplicates.getByRole('button', { name: 'Keep one of each, remove 1' }).click();
  const mended = page.locator('.check-mended');
  await expect(mended).toContainText('Version 2: 1 duplicate removed');
  await expect(duplicates).toBeHidden();
  await expect(page.locator('.set[aria-current="true"]')).toContainText('7 images');
  await classes.getByRole('button', { name: 'Call them all "cat"', exact: true }).click();
  await expect(mended).toContainText('"Cat" merged into "cat"');
  await mended.getByRole('button', { name: 'Undo' }).click();
  await expect(classes).toContainText('may be one class');
  await page.getByRole('button', { name: 'Split anew, 80 % to train' }).click();
  await expect(mended).toContainText('Split anew with seed 0');

  await tab(page, 'Versions').click();
  const versions = page.getByRole('list', { name: /^Versions of/ }).getByRole('listitem');
  await expect(versions).toHaveCount(5);
  await page.getByLabel('Name of version 2').fill('without duplicates');
  await page.getByLabel('Name of version 2').press('Enter');
  await versions.last().getByRole('button', { name: 'Compare with now' }).click();
  await expect(page.getByRole('region', { name: 'From version 1 to now' })).toContainText('1 box removed');
  expect(await violations(page)).toEqual([]);
  await versions.last().getByRole('button', { name: 'Go back to it' }).click();
  await expect(versions).toHaveCount(6);
  await expect(page.locator('.set[aria-current="true"]')).toContainText('8 images');
  await page.reload();
  await page.locator('.set-list').getByText('FAULTS').click();
  await tab(page, 'Versions').click();
  await expect(page.getByLabel('Name of version 2')).toHaveValue('without duplicates');
  await page.getByRole('button', { name: 'Forget all but the newest' }).click();
  await page.getByRole('button', { name: 'Forget them' }).click();
  await expect(versions).toHaveCount(1);
});

test('the sample set is copied, and the copy is mended', async ({ page }) => {
  await page.goto('#/data');
  await tab(page, 'Check').click();
  await page.getByRole('button', { name: 'Check this set' }).click();
  await page.getByRole('button', { name: 'Check again' }).waitFor({ timeout: 60_000 });
  const split = page.getByRole('button', { name: /^Split anew/ });
  await expect(split).toBeDisabled();
  await page.getByRole('button', { name: 'Copy it to mend the copy' }).click();
  await expect(page.locator('.set[aria-current="true"]')).toContainText('emoji-scenes copy');
  await expect(split).toBeHidden();
  await page.getByRole('button', { name: 'Check this set' }).click();
  await split.click();
  await expect(page.locator('.check-mended')).toContainText(/: 3[12]\d train, [78]\d val/);
});
