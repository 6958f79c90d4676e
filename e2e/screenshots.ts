/**
 * Pictures of the studio, to be looked at: every room empty, busy, done and with an error, in both themes, wide and narrow,
 * along the way of one true run. Not a test. It builds and serves the studio itself:
 *
 *     npm run screenshots -- [OUT_DIR] [STEPS]
 *
 * Where DETRAIN_FIXTURES has the blood cells, they are imported too. A state that cannot be reached is named at the end,
 * and the others are there all the same.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright';
import { BASE_URL, launchOptions, PORT } from './browser.ts';
import { fixture } from './files.ts';

const [out = 'test-results/screenshots', steps = '12'] = process.argv.slice(2);
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ROOMS = ['data', 'train', 'evaluate', 'predict', 'runs'] as const;
const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };
const THEMES = ['light', 'dark'] as const;
/** A software device takes minutes for what a graphics card does in seconds. */
const LONG_MS = 30 * 60_000;
const SOON_MS = 60_000;

const missed: string[] = [];

/** Does its work; where that fails, the rest still has its turn. */
async function state(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    process.stderr.write(`${name}\n`);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    missed.push(`${name}: ${reason}`);
  }
}

async function inEveryLook(page: Page, name: string): Promise<void> {
  for (const viewport of [WIDE, NARROW]) {
    for (const colorScheme of THEMES) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(400);
      await page.screenshot({ path: `${out}/${name}-${colorScheme}-${viewport.width}.png` });
    }
  }
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: 'light' });
}

async function go(page: Page, room: (typeof ROOMS)[number]): Promise<void> {
  await page.goto(`${BASE_URL}#/${room}`);
  await page.getByRole('main', { name: room, exact: false }).waitFor();
}

async function emptyRooms(page: Page): Promise<void> {
  for (const room of ROOMS) {
    await state(`${room}-empty`, async () => {
      await go(page, room);
      if (room === 'data') await page.getByRole('tab', { name: 'Statistics' }).waitFor();
      if (room === 'train') await page.getByRole('button', { name: 'Start training' }).waitFor();
      await inEveryLook(page, `${room}-empty`);
    });
  }
}

async function data(page: Page): Promise<void> {
  await go(page, 'data');
  await state('data-statistics', async () => {
    await page.getByRole('tab', { name: 'Statistics' }).click();
    await inEveryLook(page, 'data-statistics');
    await page.getByRole('tab', { name: 'Pictures' }).click();
  });
  await state('data-error', async () => {
    const nonsense = { name: 'notes.tar', mimeType: 'application/x-tar', buffer: Buffer.from('not an archive') };
    await page.getByLabel('Import data set', { exact: true }).last().setInputFiles(nonsense);
    await page.getByRole('alert').first().waitFor();
    await inEveryLook(page, 'data-error');
    await page.reload();
  });
  const cells = fixture('voc/bccd/BCCD_trainval.tar');
  if (cells === null) return;
  await state('data-done', async () => {
    await page.getByLabel('Import data set', { exact: true }).last().setInputFiles(cells);
    await page.locator('.import-status').waitFor({ timeout: SOON_MS });
    await page.screenshot({ path: `${out}/data-busy-light-1440.png` });
    await page.locator('.import-status[role=status]').waitFor({ timeout: LONG_MS });
    await inEveryLook(page, 'data-done');
  });
}

async function refusedSettings(page: Page): Promise<void> {
  await go(page, 'train');
  await page.getByRole('button', { name: 'All settings' }).click();
  await page.getByLabel('Learning rate', { exact: true }).fill('fast');
  await page.getByLabel('Batch', { exact: true }).fill('0');
  await page.getByRole('button', { name: 'Start training' }).click();
  await inEveryLook(page, 'train-refused');
  await page.reload();
}

/** Trains from its start to its end; `busy` is called when it is most of the way. */
async function train(page: Page, busy: () => Promise<void>): Promise<void> {
  await go(page, 'train');
  await page.getByLabel('Steps', { exact: true }).fill(steps);
  await page.getByLabel('Evaluate every').fill(String(Math.ceil(Number(steps) / 3)));
  await page.getByRole('button', { name: 'Start training' }).click();
  const all = Number(steps);
  const most = Math.ceil(all * 0.7);
  // Of quick steps the status line leaves some out.
  const late = Array.from({ length: all - most + 1 }, (_, index) => most + index).join('|');
  const lateOrDone = new RegExp(`step (${late}) of|Finished`);
  await page.getByRole('status').getByText(lateOrDone).first().waitFor({ timeout: LONG_MS });
  await busy();
  await page.getByRole('status').getByText('Finished').first().waitFor({ timeout: LONG_MS });
}

async function runs(page: Page): Promise<void> {
  await state('runs-done', async () => {
    await go(page, 'runs');
    await page.getByRole('row').nth(1).getByRole('rowheader').getByRole('button').click();
    await page.locator('.run-charts').waitFor({ timeout: SOON_MS });
    await inEveryLook(page, 'runs-one');
    await page.getByRole('checkbox', { name: 'Choose all' }).check();
    await page.locator('.compared-small').waitFor({ timeout: SOON_MS });
    await inEveryLook(page, 'runs-done');
  });
}

async function evaluateAndPredict(page: Page): Promise<void> {
  await state('evaluate-busy', async () => {
    await page
      .getByRole('button', { name: /^What to do with/ })
      .first()
      .click();
    await page.getByRole('menuitem', { name: 'Evaluate' }).click();
    await page.getByRole('main').getByRole('button', { name: 'Evaluate', exact: true }).click();
    await page.getByRole('progressbar').first().waitFor({ timeout: SOON_MS });
    await inEveryLook(page, 'evaluate-busy');
  });
  await state('evaluate-done', async () => {
    await page.getByRole('heading', { name: 'Confusion' }).waitFor({ timeout: LONG_MS });
    await inEveryLook(page, 'evaluate-done');
  });
  await state('predict-done', async () => {
    await go(page, 'predict');
    await page
      .getByRole('button', { name: /^Sample picture/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'Download JSON', exact: true }).waitFor({ timeout: LONG_MS });
    await inEveryLook(page, 'predict-done');
  });
  await state('predict-error', async () => {
    const nonsense = { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('<!doctype html>') };
    await page.getByLabel('Add images').last().setInputFiles(nonsense);
    await page.waitForTimeout(1000);
    await inEveryLook(page, 'predict-error');
  });
}

/** What the rooms say where a worker does not start. */
async function deadWorkers(browser: Browser): Promise<void> {
  const context = await browser.newContext({ viewport: WIDE, serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.route(/\/(data|train|predict)\.worker/, (route) => route.abort());
  for (const room of ['data', 'runs', 'train'] as const) {
    await state(`${room}-dead`, async () => {
      await go(page, room);
      if (room === 'train') await page.getByRole('button', { name: 'Start training' }).click();
      await page.getByRole('alert').first().waitFor({ timeout: SOON_MS });
      await inEveryLook(page, `${room}-dead`);
    });
  }
  await context.close();
}

/** Builds and serves the studio; returns what serves it. */
async function serve(): Promise<ChildProcess> {
  const built = spawnSync('npx', ['vite', 'build'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  if (built.status !== 0) throw new Error('The studio could not be built: see above.');
  const { pathname } = new URL(BASE_URL);
  // Not through npx: what is started is what has to be ended.
  const vite = fileURLToPath(new URL('../node_modules/vite/bin/vite.js', import.meta.url));
  const args = [vite, 'preview', '--strictPort', '--port', String(PORT), '--base', pathname];
  const server = spawn(process.execPath, args, { cwd: ROOT, stdio: 'ignore' });
  for (let tries = 0; tries < 100; tries += 1) {
    const answer = await fetch(BASE_URL).catch(() => null);
    if (answer?.ok === true) return server;
    if (server.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  server.kill();
  throw new Error(`Nothing answers at ${BASE_URL}. Is port ${PORT} taken? DETRAIN_E2E_PORT names another.`);
}

await mkdir(out, { recursive: true });
const server = await serve();
try {
  const browser = await chromium.launch(launchOptions);
  const page = await browser.newPage({ viewport: WIDE, colorScheme: 'light' });
  page.setDefaultTimeout(20_000);
  await emptyRooms(page);
  await data(page);
  await deadWorkers(browser);
  await state('train-refused', () => refusedSettings(page));
  await state('train-done', async () => {
    await train(page, () => inEveryLook(page, 'train-busy'));
    await inEveryLook(page, 'train-done');
  });
  // A second one, to compare.
  await state('train again', () => train(page, async () => {}));
  await runs(page);
  await evaluateAndPredict(page);
  await browser.close();
} finally {
  server.kill();
}
for (const line of missed) process.stderr.write(`missed ${line}\n`);
if (missed.length > 0) process.exitCode = 1;
