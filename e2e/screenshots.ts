/**
 * Pictures of the studio, to be looked at: every state that can be reached without waiting long, in both themes, wide and
 * narrow, and one true run. Not a test.
 *
 *     npx tsx e2e/screenshots.ts OUT_DIR [STEPS]
 *
 * A build must be served at the same port and path: `npx vite build && npx vite preview --port 4179 --base /some/path/`.
 */
import { mkdir } from 'node:fs/promises';
import { type Browser, chromium, type Page } from 'playwright';
import { BASE_URL, launchOptions } from './browser.ts';

const [out = 'test-results/screenshots', steps = '20'] = process.argv.slice(2);
const ROOMS = ['data', 'train', 'evaluate', 'predict', 'runs'] as const;
const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };
const THEMES = ['light', 'dark'] as const;
const LONG_MS = 30 * 60_000;

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

async function emptyRooms(page: Page): Promise<void> {
  for (const room of ROOMS) {
    await page.goto(`${BASE_URL}#/${room}`);
    await page.getByRole('button', { name: /^Theme/ }).waitFor();
    if (room === 'train') await page.getByText(/computes on the processor/).waitFor();
    await inEveryLook(page, `${room}-empty`);
  }
}

async function refusedSettings(page: Page): Promise<void> {
  await page.goto(`${BASE_URL}#/train`);
  await page.getByRole('button', { name: 'All settings' }).click();
  await page.getByLabel('Learning rate').fill('fast');
  await page.getByLabel('Batch').fill('0');
  await page.getByRole('button', { name: 'Start training' }).click();
  await inEveryLook(page, 'train-refused');
  await page.reload();
}

async function oneRun(page: Page): Promise<void> {
  await page.getByLabel('Steps').fill(steps);
  await page.getByLabel('Evaluate every').fill(String(Math.ceil(Number(steps) / 5)));
  await page.getByRole('button', { name: 'Start training' }).click();
  await page
    .getByRole('status')
    .getByText(`step ${Math.ceil(Number(steps) * 0.7)} of`)
    .waitFor({ timeout: LONG_MS });
  await inEveryLook(page, 'train-busy');
  await page.getByRole('status').getByText('Finished').waitFor({ timeout: LONG_MS });
  await inEveryLook(page, 'train-done');
  await page.getByRole('button', { name: 'Try it' }).click();
  await page.getByRole('button', { name: /^Sample picture 2026_000007/ }).click();
  await page.getByRole('button', { name: 'Download JSON' }).waitFor({ timeout: LONG_MS });
  await inEveryLook(page, 'predict-done');
  const nonsense = { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('<!doctype html>') };
  await page.getByLabel('Add images').setInputFiles(nonsense);
  await inEveryLook(page, 'predict-refused');
}

async function deadWorker(browser: Browser): Promise<void> {
  const page = await browser.newPage({ viewport: WIDE });
  await page.route('**/assets/train.worker*', (route) => route.abort());
  await page.goto(BASE_URL);
  await page.getByRole('alert').waitFor();
  await inEveryLook(page, 'train-error');
  await page.close();
}

await mkdir(out, { recursive: true });
const browser = await chromium.launch(launchOptions);
const page = await browser.newPage({ viewport: WIDE, colorScheme: 'light' });
await emptyRooms(page);
await deadWorker(browser);
await refusedSettings(page);
await oneRun(page);
await browser.close();
