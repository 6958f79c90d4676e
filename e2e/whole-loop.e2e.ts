import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { unpackTar } from 'modern-tar';
import type { Locator, Page } from 'playwright/test';
import { drop, fileOf, fixture } from './files.ts';
import { askToSave, clearStorage, kept } from './kept.ts';
import { fillSmallRun } from './small-run.ts';
import { expect, test, violations } from './studio.ts';

const TAR = fixture('voc/bccd/BCCD_trainval.tar');

/** The first photographs of the set, as files without annotations. */
async function photographs(path: string, count: number) {
  const bytes = await readFile(path);
  const entries = await unpackTar(bytes[0] === 0x1f ? gunzipSync(bytes) : bytes);
  const pictures = entries.filter(({ header }) => header.name.endsWith('.jpg'));
  return pictures.slice(0, count).map(({ header, data }) => {
    return fileOf(header.name.split('/').at(-1) ?? '', data ?? new Uint8Array());
  });
}

const heading = (page: Page): Locator => page.getByRole('heading', { level: 1 });
const boxes = (page: Page): Locator => page.locator('.label-box-list li:not(:has(.label-dashed))');
const proposed = (page: Page): Locator => page.locator('.label-box-list li:has(.label-dashed)');

/** Draws a box with the mouse, in fractions of the picture. */
async function draw(page: Page, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  const picture = await page.locator('.label-picture').boundingBox();
  if (picture === null) throw new Error('No picture is shown.');
  const at = ([x, y]: readonly [number, number]) => [picture.x + x * picture.width, picture.y + y * picture.height];
  const [[x0 = 0, y0 = 0], [x1 = 0, y1 = 0]] = [at(from), at(to)];
  await page.mouse.move(x0, y0);
  await page.mouse.down();
  await page.mouse.move(x1, y1, { steps: 3 });
  await page.mouse.up();
}

async function train(page: Page, name: string): Promise<void> {
  await fillSmallRun(page, { steps: 6 });
  await page.getByLabel('Name of the run').fill(name);
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(page.getByRole('status').last()).toContainText(`Finished "${name}"`, { timeout: 300_000 });
}

test('from twelve photographs without a box to a detector that helps to label, and all of it in one file', async ({
  page,
  baseURL,
}, info) => {
  test.skip(TAR === null, 'SKIPPED: no voc/bccd; set DETRAIN_FIXTURES');
  if (TAR === null) return;
  // As in a browser that has no dialog for it: the file is downloaded.
  await page.addInitScript(() => Object.assign(window, { showSaveFilePicker: undefined }));
  await page.goto('');

  await test.step('pictures become a set', async () => {
    await drop(page, await photographs(TAR, 12));
    const dialog = page.getByRole('dialog', { name: 'Pictures without labels' });
    await dialog.getByLabel('Name of the new set').fill('blood');
    await dialog.getByRole('button', { name: 'Make the set' }).click();
    await page.getByRole('link', { name: 'Label them' }).click();
    await expect(page.getByRole('application')).toBeFocused();
    await expect(page.locator('.label-head')).toContainText('1 of 12, 12 not labelled yet');
  });

  await test.step('boxes are drawn: by mouse, by keyboard, and of one picture it is said that nothing is there', async () => {
    await draw(page, [0.1, 0.1], [0.3, 0.35]);
    await expect(page.getByPlaceholder('Find or add')).toBeFocused();
    await page.keyboard.type('red cell');
    await page.keyboard.press('Enter');
    await expect(boxes(page)).toHaveText([/^red cell/]);
    await page.getByRole('application').focus();
    // One drag a box: the chosen class sticks.
    await draw(page, [0.4, 0.1], [0.6, 0.35]);
    await draw(page, [0.4, 0.5], [0.7, 0.9]);
    await page.keyboard.press('c');
    await page.keyboard.type('white cell');
    await page.keyboard.press('Enter');
    await page.getByRole('application').focus();
    await expect(boxes(page)).toHaveText([/^red cell/, /^red cell/, /^white cell/]);
    await page.keyboard.press('f');
    // By the keyboard alone.
    for (const key of ['w', 'Enter', 'Alt+ArrowRight', 'Alt+ArrowDown', 'Enter', '1']) await page.keyboard.press(key);
    await expect(boxes(page)).toHaveText([/^red cell/]);
    await page.keyboard.press('f');
    await page.keyboard.press('e');
    await expect(page.locator('.label-head')).toContainText('reviewed, nothing here');
    for (let i = 0; i < 2; i += 1) {
      await page.keyboard.press('f');
      await draw(page, [0.2, 0.2], [0.4, 0.45]);
      await page.keyboard.press('1');
    }
    await expect(page.locator('.label-head')).toContainText('7 not labelled yet');
    await expect(page.getByText('All saved')).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });

  await test.step('what is labelled is trained on', async () => {
    await page.getByRole('button', { name: 'Train on this' }).click();
    await train(page, 'first');
  });

  await test.step('the run proposes boxes, which are accepted, corrected and refused', async () => {
    await page.goto('#/data');
    await page
      .getByRole('button', { name: /^BloodImage.*, not labelled/ })
      .first()
      .click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('e');
    await expect(page.getByLabel('Weights that suggest boxes')).toContainText('first, last');
    const least = page.getByRole('slider', { name: 'Least confidence of a suggestion' });
    await least.focus();
    await page.keyboard.press('Home');
    await expect(proposed(page)).not.toHaveCount(0, { timeout: 60_000 });
    // The mouse moves it too, and takes nothing.
    const thumb = await least.boundingBox();
    if (thumb === null) throw new Error('There is no slider.');
    await page.mouse.move(thumb.x + thumb.width / 2, thumb.y + thumb.height / 2);
    await page.mouse.down();
    await page.mouse.move(thumb.x + 60, thumb.y + thumb.height / 2, { steps: 3 });
    await page.mouse.up();
    await expect(page.getByText(/^From 0\.[2-9]/)).toBeVisible();
    await page.getByText(/^From 0/).click();
    await expect(boxes(page)).toHaveCount(0);
    await least.focus();
    await page.keyboard.press('Home');
    await expect(proposed(page)).not.toHaveCount(0, { timeout: 60_000 });
    await page.getByRole('application').focus();
    await expect(page.locator('.proposals-reason')).not.toContainText('Looked at', { timeout: 120_000 });
    expect(await violations(page)).toEqual([]);

    await test.step('arrow keys go through the list', async () => {
      const row = (at: number): Locator => proposed(page).nth(at).locator('.label-row');
      await row(0).focus();
      for (const at of [1, 2]) {
        await page.keyboard.press('ArrowDown');
        await expect(row(at)).toBeFocused();
        await expect(row(at)).toHaveAttribute('aria-pressed', 'true');
      }
    });
    await page.getByRole('application').focus();
    const first = await proposed(page).count();
    await proposed(page).first().locator('.label-row').click();
    await page.keyboard.press('Enter');
    await expect(boxes(page)).toHaveCount(1);
    await proposed(page).first().locator('.label-row').click();
    await page.keyboard.press('2');
    await expect(boxes(page)).toHaveText([/cell/, /^white cell/]);
    await page.keyboard.press('Escape');
    expect(first).toBeGreaterThan(2);
    await proposed(page).first().locator('.label-row').click();
    await page.keyboard.press('x');
    await expect(page.getByRole('region', { name: 'How good the suggestions were' })).toContainText(
      /1 accepted, 1 changed, 1 refused/,
    );
    await page.getByRole('application').focus();
    await page.keyboard.press('Shift+Enter');
    await expect(proposed(page)).toHaveCount(0);
    await expect(boxes(page)).toHaveCount(first - 1);

    const before = await heading(page).innerText();
    await page.keyboard.press('f');
    await expect(heading(page)).not.toHaveText(before);
    await expect(page.locator('.proposals-reason')).toContainText(/Unsure of|Nothing was found|Sure of/);
    await expect(page.getByText('All saved')).toBeVisible();
  });

  await test.step('the next run goes on from there', async () => {
    await page.getByRole('button', { name: 'Train on what changed' }).click();
    await expect(page.getByLabel('Start from')).toHaveValue(/^run /);
    await train(page, 'second');
  });

  await test.step('it is evaluated, and a label is mended from there and back', async () => {
    await page.goto('#/evaluate');
    await expect(page.getByLabel('Weights', { exact: true })).toContainText('second, last');
    await page.getByLabel('Split').selectOption('train');
    await page.getByRole('button', { name: 'Evaluate', exact: true }).click();
    const doubts = page.getByRole('region', { name: 'Labels that may be wrong' });
    await expect(doubts).toContainText(/by this evaluation/, { timeout: 120_000 });
    await expect(doubts.getByRole('listitem').first()).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await doubts.getByRole('link').first().click();
    await expect(page.getByRole('application')).toBeFocused();
    await page.keyboard.press('Shift+D');
    await draw(page, [0.7, 0.7], [0.9, 0.95]);
    await expect(page.getByText('All saved')).toBeVisible();
    await page.getByRole('link', { name: 'Back' }).click();
    await expect(doubts).toBeVisible();
  });

  await test.step('all of it goes out, and after the storage was cleared comes in again, the same to the byte', async () => {
    const before = await kept(page);
    const path = info.outputPath('project.zip');
    await askToSave(page);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click(),
    ]);
    await download.saveAs(path);
    await clearStorage(page, baseURL ?? '');
    await expect(page.getByRole('button', { name: 'Train on this' })).toBeVisible();
    await drop(page, [fileOf('project.zip', await readFile(path))]);
    const dialog = page.getByRole('dialog', { name: 'Open a project' });
    await dialog.getByRole('button', { name: 'Open', exact: true }).click();
    await expect(dialog.getByRole('status')).toContainText('1 data set and 2 runs added.');
    expect(await kept(page)).toEqual(before);
  });
});
