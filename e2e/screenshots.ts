/**
 * Pictures of the studio, to be looked at: every room empty, busy, done and with an error, in both themes, wide and narrow,
 * along the way of true runs. Not a test. It builds and serves the studio itself:
 *
 *     npm run screenshots -- [OUT_DIR] [STEPS] [PARTS]
 *
 * PARTS is an expression for the names of the parts to go through; all by default, and some need what an earlier one made.
 * Where DETRAIN_FIXTURES has the blood cells, they are imported too. What could not be reached, and what axe finds, is
 * named at the end.
 */
import { mkdir, rm } from 'node:fs/promises';
import { type Browser, chromium, type Page } from 'playwright';
import { BASE_URL, launchOptions } from './browser.ts';
import { serveBuiltStudio } from './built-studio.ts';
import { bundled, drop, fileAt, fileOf, fixture } from './files.ts';
import { PictureBook } from './picture-book.ts';

const [out = 'test-results/screenshots', steps = '16', parts = '.'] = process.argv.slice(2);
const ROOMS = ['data', 'train', 'evaluate', 'predict', 'runs'] as const;
const SCENES = ['000001', '000003', '000007'] as const;
const CELLS = fixture('voc/bccd/BCCD_trainval.tar');
/** A software device takes minutes for what a graphics card does in seconds. */
const LONG_MS = 10 * 60_000;

const book = new PictureBook(out, new RegExp(parts));

async function go(page: Page, room: (typeof ROOMS)[number]): Promise<void> {
  await page.goto(`${BASE_URL}#/${room}`);
  await page.getByRole('main', { name: room, exact: false }).waitFor();
}

function main(page: Page) {
  return page.getByRole('main');
}

async function emptyRooms(page: Page): Promise<void> {
  for (const room of ROOMS) {
    await go(page, room);
    if (room === 'data')
      await page
        .getByRole('button', { name: /^2026_/ })
        .first()
        .waitFor();
    if (room === 'train') await page.getByLabel('Steps', { exact: true }).waitFor();
    if (room === 'predict')
      await main(page)
        .getByText(/classes:/)
        .waitFor({ timeout: LONG_MS });
    if (room === 'runs') await main(page).getByRole('heading').first().waitFor();
    await book.take(page, `${room}-empty`);
  }
}

async function data(page: Page): Promise<void> {
  await go(page, 'data');
  await page.getByRole('tab', { name: 'Statistics' }).click();
  await book.take(page, 'data-statistics');
  await page.getByRole('tab', { name: 'Problems' }).click();
  await book.take(page, 'data-problems');
  await page.getByRole('tab', { name: 'Pictures' }).click();
  await page.getByRole('button', { name: 'bicycle' }).first().click();
  await book.take(page, 'data-filtered');
  await page.getByLabel('Search pictures by name').fill('nowhere');
  await book.take(page, 'data-nothing');
  await page.getByLabel('Search pictures by name').fill('');
  await page
    .getByRole('button', { name: /^2026_/ })
    .nth(2)
    .click();
  await book.take(page, 'data-dialog');
  await page.keyboard.press('Escape');
  await page.locator('.tag[aria-pressed=true]').first().click();
  await drop(page, [fileOf('notes.tar', 'not an archive')]);
  await page.getByRole('alert').first().waitFor();
  await book.take(page, 'data-error');
  await page.reload();
}

async function dialogs(page: Page): Promise<void> {
  await go(page, 'data');
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await book.take(page, 'shell-keys');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Network' }).click();
  await book.take(page, 'shell-network');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Other ways to import' }).click();
  await book.takeOne(page, 'data-ways');
  await page.getByRole('menuitem', { name: 'From an address' }).click();
  await page.getByRole('textbox', { name: /^Address/ }).fill('https://example.org/sets/blood-cells.tar');
  await book.take(page, 'data-address');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByRole('dialog', { name: 'Fetch from another site?' }).waitFor();
  await book.take(page, 'shell-fetch');
  await page.getByRole('button', { name: 'Cancel', exact: true }).last().click();
  await page.reload();
}

async function refused(page: Page): Promise<void> {
  await go(page, 'train');
  await page.getByRole('button', { name: 'All settings' }).click();
  await page.getByRole('textbox', { name: 'Learning rate' }).fill('fast');
  await page.getByLabel('Batch', { exact: true }).fill('0');
  await page.getByRole('button', { name: 'Start training' }).click();
  await book.take(page, 'train-refused');
  await page.reload();
}

interface RunWish {
  readonly set?: string;
  readonly steps: string;
  readonly name?: string;
}

/** Fills in a run on small pictures, which a software device computes in fractions of a second. */
async function fillIn(page: Page, wish: RunWish): Promise<void> {
  await go(page, 'train');
  if (wish.set !== undefined) await page.getByLabel('Data set').selectOption({ label: wish.set });
  await page.getByLabel('Steps', { exact: true }).fill(wish.steps);
  await page.getByLabel('Image size').fill('64');
  await page.getByLabel('Batch', { exact: true }).fill('1');
  await page.getByLabel('Evaluate every').fill(String(Math.ceil(Number(wish.steps) / 4)));
  if (wish.name !== undefined) await page.getByLabel('Name of the run').fill(wish.name);
  const all = page.getByRole('button', { name: 'All settings' });
  if ((await all.getAttribute('aria-expanded')) !== 'true') await all.click();
  await page.getByLabel('Pictures per evaluation').fill('8');
  await all.click();
}

async function start(page: Page, wish: RunWish): Promise<void> {
  await fillIn(page, wish);
  await page.getByRole('button', { name: 'Start training' }).click();
}

/** Until the run is past that step, or done. */
async function stepTaken(page: Page, atLeast: number): Promise<void> {
  const reached = page
    .getByRole('status')
    .getByText(new RegExp(`^Finished|step (${atLeast}|${atLeast + 1}|${atLeast + 2}) of`));
  await reached.first().waitFor({ timeout: LONG_MS });
}

async function finished(page: Page): Promise<void> {
  await page.getByRole('status').getByText('Finished').first().waitFor({ timeout: LONG_MS });
}

async function train(page: Page): Promise<void> {
  await fillIn(page, { steps });
  await page.getByRole('button', { name: 'Estimate' }).click();
  await page.getByText('Taking a few steps').waitFor();
  await book.takeOne(page, 'train-estimating');
  await page.getByText('As measured on this adapter').waitFor({ timeout: LONG_MS });
  await book.takeOne(page, 'train-estimated');
  await page.getByRole('button', { name: 'Start training' }).click();
  await book.takeOne(page, 'train-beginning');
  await stepTaken(page, Math.ceil(Number(steps) * 0.6));
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByRole('button', { name: 'Resume', exact: true }).waitFor({ timeout: LONG_MS });
  await book.take(page, 'train-busy');
  await go(page, 'data');
  await book.takeOne(page, 'data-while-training');
  await go(page, 'runs');
  await book.takeOne(page, 'runs-while-training');
  await go(page, 'train');
  await page.getByRole('button', { name: 'Resume', exact: true }).click();
  await finished(page);
  await book.take(page, 'train-done');
}

/** A page that is closed in the middle of a run, and the next one. */
async function interrupted(page: Page): Promise<void> {
  await start(page, { steps: '60', name: 'left in the middle' });
  await page.getByText(/Last checkpoint: step/).waitFor({ timeout: LONG_MS });
  await page.reload();
  await go(page, 'train');
  await page
    .getByRole('button', { name: /^(Resume|Go on)/ })
    .first()
    .waitFor();
  await book.take(page, 'train-resume');
}

async function runs(page: Page): Promise<void> {
  await go(page, 'runs');
  await page.getByRole('table').waitFor();
  await book.take(page, 'runs-table');
  await page
    .getByRole('row')
    .filter({ hasText: 'Finished' })
    .first()
    .getByRole('rowheader')
    .getByRole('button')
    .first()
    .click();
  await page.locator('.run-charts').waitFor();
  await book.take(page, 'runs-one');
  await page.getByRole('checkbox', { name: 'Choose all' }).check();
  await page.locator('.compared-small').waitFor();
  await book.take(page, 'runs-compared');
  await page
    .getByRole('button', { name: /^What to do with/ })
    .first()
    .click();
  await book.takeOne(page, 'runs-menu');
  await page.getByRole('menuitem', { name: /^Delete/ }).click();
  await page.getByRole('dialog').waitFor();
  await book.take(page, 'runs-delete');
  await page.keyboard.press('Escape');
}

async function evaluate(page: Page): Promise<void> {
  await go(page, 'evaluate');
  // Those of the run: what came with the studio knows other classes.
  const weights = page.getByLabel('Weights', { exact: true });
  await weights.selectOption(await weights.locator('option', { hasText: 'best' }).first().getAttribute('value'));
  await page.getByLabel('Pictures', { exact: true }).selectOption({ label: 'the first 20' });
  await page.getByRole('button', { name: 'Evaluate', exact: true }).click();
  await main(page)
    .getByText(/^picture [1-9]/)
    .waitFor({ timeout: LONG_MS });
  await book.takeOne(page, 'evaluate-busy');
  await page.getByRole('heading', { name: 'Confusion' }).waitFor({ timeout: LONG_MS });
  await book.take(page, 'evaluate-done');
  await page.locator('.evaluated-picture button').first().click();
  await page.getByRole('dialog').waitFor();
  await book.take(page, 'evaluate-dialog');
  await page.keyboard.press('Escape');
  await main(page).evaluate((room) => room.scrollTo(0, room.scrollHeight));
  await page.setViewportSize({ width: 390, height: 2400 });
  await page.waitForTimeout(500);
  await page.screenshot({ path: `${out}/evaluate-done-tall-390.png` });
}

async function predict(page: Page): Promise<void> {
  await go(page, 'predict');
  await page
    .getByRole('button', { name: /^Sample picture/ })
    .first()
    .click();
  await main(page).getByText('shaders are compiled').waitFor();
  await book.takeOne(page, 'predict-busy');
  await page.getByRole('button', { name: 'Download JSON', exact: true }).waitFor({ timeout: LONG_MS });
  await book.take(page, 'predict-done');
  await drop(page, [{ ...fileOf('photo.jpg', '<!doctype html>'), mimeType: 'image/jpeg' }]);
  await page.getByRole('alert').first().waitFor();
  await book.take(page, 'predict-error');
  await drop(page, [fileOf('weights.safetensors', 'nothing of the kind')]);
  await page.getByRole('alert').filter({ hasText: 'weights.safetensors' }).waitFor();
  await book.take(page, 'predict-weights-error');
  await page.getByRole('alert').filter({ hasText: 'weights.safetensors' }).getByRole('button').click();
  await page.getByRole('button', { name: 'Use the camera' }).click();
  await page.getByRole('dialog').waitFor();
  await page.waitForTimeout(600);
  await book.take(page, 'predict-camera');
}

async function cells(page: Page): Promise<void> {
  if (CELLS === null) return;
  await go(page, 'data');
  await drop(page, [CELLS]);
  await page.locator('.import-status').waitFor();
  await page.screenshot({ path: `${out}/data-importing-light-1440.png` });
  await page.locator('.import-status[role=status]').waitFor({ timeout: LONG_MS });
  await book.take(page, 'cells-data');
  await page.getByRole('tab', { name: 'Statistics' }).click();
  await book.takeOne(page, 'cells-statistics');
  await page.getByRole('tab', { name: 'Pictures' }).click();
  await page
    .getByRole('button', { name: /^BloodImage/ })
    .first()
    .click();
  await book.takeOne(page, 'cells-dialog');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^More for/ }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await book.takeOne(page, 'data-delete');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Train on this' }).click();
  await page.getByLabel('Steps', { exact: true }).waitFor();
  await start(page, { steps: '8' });
  await finished(page);
  await book.takeOne(page, 'cells-train');
  await main(page).getByRole('button', { name: 'Evaluate', exact: true }).click();
  await page.getByLabel('Pictures', { exact: true }).selectOption({ label: 'the first 8' });
  await page.getByRole('button', { name: 'Evaluate', exact: true }).click();
  await page.getByText('8 pictures in').waitFor({ timeout: LONG_MS });
  await book.take(page, 'cells-evaluate');
}

/** The editor of boxes, on a set that the part before has imported. */
async function label(page: Page): Promise<void> {
  await go(page, 'data');
  if (CELLS !== null && (await page.locator('.set-name', { hasText: 'BCCD' }).count()) === 0) await drop(page, [CELLS]);
  await page.locator('.set', { hasText: 'BCCD' }).click();
  await page
    .getByRole('button', { name: /^BloodImage/ })
    .nth(3)
    .click();
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('e');
  await page.locator('.label-picture img').waitFor();
  await book.take(page, 'label-picture');
  await page.keyboard.press('Tab');
  await book.take(page, 'label-selected');
  await page.keyboard.press('w');
  await page.keyboard.press('Enter');
  for (let i = 0; i < 8; i += 1) await page.keyboard.press(i % 2 === 0 ? 'Shift+ArrowRight' : 'Shift+ArrowDown');
  await book.take(page, 'label-by-keys');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await book.take(page, 'label-keys');
  await page.keyboard.press('Escape');
  await page.goto(`${BASE_URL}#/label?set=emoji-scenes`);
  await page.getByRole('note').waitFor();
  await book.take(page, 'label-read-only');
  await page.goto(`${BASE_URL}#/label?set=nowhere`);
  await page.getByRole('heading', { name: 'The labels cannot be edited' }).waitFor();
  await book.take(page, 'label-error');
}

/** Boxes that the bundled weights propose for pictures without labels; the classes of a set, its check and its versions. */
async function help(page: Page): Promise<void> {
  await go(page, 'data');
  await page.locator('.set').first().waitFor();
  await drop(page, await Promise.all(SCENES.map((id) => fileAt(bundled(`sample/pictures/2026_${id}.jpg`)))));
  const dialog = page.getByRole('dialog', { name: 'Pictures without labels' });
  await dialog.getByLabel('Name of the new set').fill('three scenes');
  await book.take(page, 'data-pictures-alone');
  await dialog.getByRole('button', { name: 'Make the set' }).click();
  await page.getByRole('link', { name: 'Label them' }).click();
  await page.getByLabel('Weights that suggest boxes').selectOption({ label: 'tiny, pretrained' });
  await page.locator('.label-box-list .label-dashed').first().waitFor({ timeout: LONG_MS });
  await page.locator('.label-box-list .label-row').first().click();
  await book.take(page, 'label-suggestions');
  await page.getByRole('application').focus();
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.press('f');
  await page.locator('.label-box-list .label-dashed').first().waitFor({ timeout: LONG_MS });
  await page.keyboard.press('Shift+Enter');
  await book.take(page, 'label-accepted');
  await go(page, 'data');
  for (const tab of ['Classes', 'Check', 'Versions']) {
    await page.getByRole('tab', { name: tab }).click();
    if (tab === 'Check') {
      await page.getByRole('button', { name: 'Check this set' }).click();
      await page.getByRole('button', { name: 'Check again' }).waitFor({ timeout: LONG_MS });
    }
    await book.take(page, `data-${tab.toLowerCase()}`);
  }
}

/** What the rooms say where a worker does not start. */
async function deadWorkers(browser: Browser): Promise<void> {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.route(/\/(data|train|predict)\.worker/, (route) => route.abort());
  for (const room of ['data', 'runs', 'train', 'evaluate', 'predict'] as const) {
    await go(page, room);
    await page.getByRole('alert').first().waitFor();
    await book.take(page, `${room}-dead`);
  }
  await context.close();
}

async function withoutWebGpu(browser: Browser): Promise<void> {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.addInitScript(() => Object.defineProperty(navigator, 'gpu', { value: undefined }));
  for (const room of ['train', 'predict'] as const) {
    await go(page, room);
    await page.getByRole('region', { name: 'No WebGPU' }).waitFor();
    await book.take(page, `${room}-without-webgpu`);
  }
  await context.close();
}

/** A newer studio in another tab asks for a newer database. */
async function outdated(browser: Browser): Promise<void> {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  await go(page, 'data');
  await page.getByRole('button', { name: 'Train on this' }).waitFor();
  await page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) if (name !== undefined) indexedDB.open(name, 999);
  });
  await page.locator('.update').waitFor();
  await book.take(page, 'shell-outdated');
  await context.close();
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const studio = await serveBuiltStudio();
try {
  const browser = await chromium.launch(launchOptions);
  const context = await browser.newContext({ serviceWorkers: 'block', permissions: ['clipboard-write'] });
  const page = await context.newPage();
  // A machine that does more than this is slow.
  page.setDefaultTimeout(120_000);
  await book.part('empty rooms', () => emptyRooms(page));
  await book.part('data', () => data(page));
  await book.part('dialogs', () => dialogs(page));
  await book.part('refused settings', () => refused(page));
  await book.part('dead workers', () => deadWorkers(browser));
  await book.part('without WebGPU', () => withoutWebGpu(browser));
  await book.part('outdated', () => outdated(browser));
  await book.part('train', () => train(page));
  await book.part('evaluate', () => evaluate(page));
  await book.part('predict', () => predict(page));
  await book.part('interrupted', () => interrupted(page));
  await book.part('runs', () => runs(page));
  await book.part('cells', () => cells(page));
  if (CELLS !== null) await book.part('label', () => label(page));
  await book.part('help', () => help(page));
  await browser.close();
} finally {
  studio.close();
}
for (const fault of book.faults) process.stderr.write(`${fault}\n`);
if (book.faults.length > 0) process.exitCode = 1;
