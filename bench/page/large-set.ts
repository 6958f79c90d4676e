import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright';
import { launchOptions } from '../../e2e/browser.ts';
import { VOC_2012, writeMadeVoc } from '../archive/made-voc.ts';
import { type BenchReport, type BenchRow, ours } from '../report.ts';
import { crowdedSet } from './crowded-set.ts';
import type { PageBenchOptions } from './page.ts';
import { rendererMemory } from './renderer-memory.ts';
import { serveStudio } from './served-studio.ts';
import { quantile, scriptPerFrame, tracePage } from './trace.ts';

const LONG_MS = 50;
/** The trace of so many seconds says what the rest is like, and does not fill the memory that is measured. */
const TRACED_MS = 30_000;
const PATIENCE_MS = 1_800_000;
const CROWDED_PICTURES = 10_000;
const BOXES_A_PICTURE = 10;

/**
 * Sets at the size of VOC 2012 in the page: its archive dropped in, made anew (2 GB), with what the page's process takes
 * and does meanwhile, its pictures looked at as soon as some are there; then 100,000 boxes listed, scrolled and filtered. Throws `signal`'s reason between the two once it is aborted.
 */
export async function benchLargeSet({ executablePath, say, signal }: PageBenchOptions): Promise<BenchReport> {
  say('Building the studio.');
  const served = await serveStudio();
  const folder = await mkdtemp(join(tmpdir(), 'detrain-bench-'));
  const profile = join(folder, 'profile');
  // A profile on the disk: a private window's storage is kept in memory.
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: false,
    args: launchOptions.args ?? [],
    viewport: { width: 1440, height: 900 },
    serviceWorkers: 'block',
  });
  const rows: BenchRow[] = [];
  try {
    const page = await context.newPage();
    await page.goto(served.studio);
    await page.getByRole('button', { name: 'Train on this' }).waitFor();
    const path = join(folder, 'VOCtrainval_11-May-2012.tar');
    say('Writing an archive in the form of VOC 2012.');
    await writeMadeVoc(path, VOC_2012, 0);
    signal.throwIfAborted();
    say(`Importing it (load of the machine: ${loadavg()[0]?.toFixed(1)})`);
    rows.push(...(await importArchive(page, context.browser(), path)));
    await rm(path);
    signal.throwIfAborted();
    say(`Listing 100,000 boxes (load of the machine: ${loadavg()[0]?.toFixed(1)})`);
    rows.push(...(await listBoxes(page, folder)));
    return { adapter: `Chromium ${context.browser()?.version() ?? ''}`, suite: 'large-set', rows };
  } finally {
    await context.close();
    await served.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function importArchive(page: Page, browser: Browser | null, path: string): Promise<BenchRow[]> {
  const { size } = await stat(path);
  const memory = browser === null ? null : await rendererMemory(browser);
  const cdp = await page.context().newCDPSession(page);
  const startMs = Date.now();
  const imported = page.locator('.import-status[role=status]').getByText('imported');
  let firstPictureS = Number.NaN;
  const { tasks } = await tracePage(cdp, async () => {
    await page.getByLabel('Import data set', { exact: true }).last().setInputFiles(path);
    await page.getByRole('button', { name: /more is on its way/ }).click();
    await page
      .getByRole('list', { name: /^Pictures of VOC/ })
      .locator('img')
      .first()
      .waitFor();
    firstPictureS = (Date.now() - startMs) / 1000;
    await imported.waitFor({ timeout: TRACED_MS }).catch(() => undefined);
  });
  await imported.waitFor({ timeout: PATIENCE_MS });
  const seconds = (Date.now() - startMs) / 1000;
  const growth = memory?.growthBytes() ?? null;
  await page.locator('.import-status').getByRole('button', { name: 'Dismiss' }).click();
  const durations = tasks.map(({ durationMs }) => durationMs);
  const said = await page.locator('.set[aria-current="true"]').innerText();
  return [
    ours("import of an archive of VOC 2012's form", seconds, 's'),
    ours('import, first pictures seen after', firstPictureS, 's'),
    ours('import, bytes', size / 1e6 / seconds, 'MB/s'),
    ours('import, pictures', Number(/([\d,]+) images/.exec(said)?.[1]?.replaceAll(',', '') ?? Number.NaN), 'images'),
    ours('import, most memory over before', growth === null ? null : growth / 1e6, 'MB'),
    ours('import, tasks under 50 ms', (100 * durations.filter((ms) => ms < LONG_MS).length) / durations.length, '%'),
    ours('import, longest task, its own work', Math.max(...tasks.map(({ cpuMs }) => cpuMs)), 'ms'),
  ];
}

async function listBoxes(page: Page, folder: string): Promise<BenchRow[]> {
  const path = join(folder, 'crowded.tar');
  await writeFile(path, await crowdedSet(CROWDED_PICTURES, BOXES_A_PICTURE));
  await page.getByLabel('Import data set', { exact: true }).last().setInputFiles(path);
  await page.locator('.import-status[role=status]').getByText('imported').waitFor({ timeout: PATIENCE_MS });
  await page.locator('.import-status').getByRole('button', { name: 'Dismiss' }).click();
  await page.locator('.sample-cell img').first().waitFor();
  await page.waitForTimeout(1000);
  const cdp = await page.context().newCDPSession(page);
  const scrolled = await tracePage(cdp, async () => {
    await cdp.send('Input.synthesizeScrollGesture', {
      ...{ x: 900, y: 500, yDistance: -8000, speed: 1000, preventFling: true, gestureSourceType: 'mouse' },
    });
  });
  const nodes = await page.locator('*').count();
  const filtered = await tracePage(cdp, async () => {
    const field = page.getByRole('searchbox').first();
    await field.pressSequentially('0012', { delay: 150 });
    await page.waitForTimeout(500);
    await field.fill('');
    await page.waitForTimeout(1000);
  });
  const script = scriptPerFrame(scrolled);
  const whileFiltering = scriptPerFrame(filtered);
  return [
    ours('100,000 boxes: elements in the page', nodes, 'elements'),
    ours('scrolling: script, median', quantile(script, 0.5), 'ms a frame'),
    ours('scrolling: script, 95th percentile', quantile(script, 0.95), 'ms a frame'),
    ours('filtering: script, median', quantile(whileFiltering, 0.5), 'ms a frame'),
    ours('filtering: script, 95th percentile', quantile(whileFiltering, 0.95), 'ms a frame'),
    ours('filtering: longest task, its own work', Math.max(...filtered.tasks.map(({ cpuMs }) => cpuMs)), 'ms'),
  ];
}
