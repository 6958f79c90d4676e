import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright';
import { median } from '../median.ts';
import { type BenchRow, ours } from '../report.ts';
import type { ServedStudio } from './served-studio.ts';
import { tracePage } from './trace.ts';

const ROUNDS = 3;
const CODE = /\.(html|css|js)$/;

/** What the page says of its own beginning. Milliseconds since the navigation began. */
interface Beginning {
  readonly readyMs: number;
  readonly picturesMs: number;
}

declare global {
  interface Window {
    beginning?: Partial<Beginning>;
  }
}

/**
 * The first load: what comes over the line until the Data room shows the sample set, gzipped, without the sample itself;
 * and how long it takes, with nothing kept and the second time. Medians of three.
 */
export async function benchFirstLoad(browser: Browser, served: ServedStudio): Promise<BenchRow[]> {
  const cold: Beginning[] = [];
  const warm: Beginning[] = [];
  let asked = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.addInitScript(watchBeginning);
    const paths = new Set<string>();
    page.on('request', (request) => paths.add(new URL(request.url()).pathname));
    cold.push(await begin(page, served.studio));
    asked = new Set(paths);
    // Until the service worker keeps the studio and rests: the second load is one of another day.
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await page.waitForTimeout(1000);
    await page.goto('about:blank');
    warm.push(await begin(page, served.studio));
    await context.close();
  }
  const work = await workOfFirstVisit(browser, served.studio);
  const code = [...asked].map((path) => (path === '/' ? '/index.html' : path)).filter((path) => CODE.test(path));
  const sizes = await Promise.all(code.map(async (path) => gzipSync(await readFile(join(served.folder, path))).length));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return [
    ours('first load, gzipped', bytes / 1000, 'kB'),
    ours('first load, files', code.length, 'files'),
    ours('ready, first visit', median(cold.map(({ readyMs }) => readyMs)), 'ms'),
    ours('pictures drawn, first visit', median(cold.map(({ picturesMs }) => picturesMs)), 'ms'),
    ours('first visit, work of the main thread', work.cpuMs, 'ms'),
    ours('first visit, longest task of it', work.longestMs, 'ms'),
    ours('ready, second visit', median(warm.map(({ readyMs }) => readyMs)), 'ms'),
    ours('pictures drawn, second visit', median(warm.map(({ picturesMs }) => picturesMs)), 'ms'),
  ];
}

/** What the main thread itself works until the pictures are drawn, whatever else the machine does. */
async function workOfFirstVisit(browser: Browser, address: string): Promise<{ cpuMs: number; longestMs: number }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(watchBeginning);
  const { tasks } = await tracePage(await context.newCDPSession(page), async () => {
    await begin(page, address);
  });
  await context.close();
  const work = tasks.map(({ cpuMs }) => cpuMs);
  return { cpuMs: work.reduce((sum, ms) => sum + ms, 0), longestMs: Math.max(...work) };
}

async function begin(page: Page, address: string): Promise<Beginning> {
  await page.goto(address);
  const handle = await page.waitForFunction(() => {
    const { readyMs, picturesMs } = window.beginning ?? {};
    return readyMs === undefined || picturesMs === undefined ? false : { readyMs, picturesMs };
  });
  const beginning = await handle.jsonValue();
  if (beginning === false) throw new Error('The page has not begun.');
  return beginning;
}

/** Runs in the page, before its own script; in it no function has a name, which some compilers keep by a helper of theirs. */
function watchBeginning(): void {
  const seen: { readyMs?: number; picturesMs?: number } = {};
  window.beginning = seen;
  const timer = setInterval(() => {
    const named = [...document.querySelectorAll('button')].some((button) => button.textContent === 'Train on this');
    if (named) seen.readyMs ??= performance.now();
    if (document.querySelector<HTMLImageElement>('.sample-cell img[src]')?.complete === true)
      seen.picturesMs ??= performance.now();
    if (seen.readyMs !== undefined && seen.picturesMs !== undefined) clearInterval(timer);
  }, 10);
}
