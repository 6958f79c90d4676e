import { loadavg } from 'node:os';
import { type Browser, chromium } from 'playwright';
import { launchOptions } from '../../e2e/browser.ts';
import { type BenchReport, type BenchRow, ours } from '../report.ts';
import { benchFirstLoad } from './first-load.ts';
import { benchImport } from './import.ts';
import { benchLabelling } from './label.ts';
import { benchLongRun } from './long-run.ts';
import { benchScroll } from './scroll.ts';
import { serveStudio } from './served-studio.ts';

export interface PageBenchOptions {
  /** The Chromium to start. */
  readonly executablePath: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * What the studio's page costs in a real browser: its first load, a long run plotted, a large set scrolled, pictures imported, boxes
 * dragged.
 * Throws `signal`'s reason between two of these once it is aborted.
 */
export async function benchPage({ executablePath, say, signal }: PageBenchOptions): Promise<BenchReport> {
  say('Building the studio.');
  const served = await serveStudio();
  const browser = await chromium.launch({ executablePath, headless: false, args: launchOptions.args ?? [] });
  const rows: BenchRow[] = [];
  const part = async (what: string, measure: () => Promise<BenchRow[]>): Promise<void> => {
    signal.throwIfAborted();
    say(`${what} (load of the machine: ${loadavg()[0]?.toFixed(1)})`);
    rows.push(...(await measure()));
  };
  try {
    const { longRun, studio } = served;
    await part('First load', () => benchFirstLoad(browser, served));
    await part('A long run', () => inContext(browser, (context) => benchLongRun(context, longRun)));
    await part('Importing', () => benchImport(browser, studio));
    await part('Scrolling', () => inContext(browser, (context) => benchScroll(context, longRun)));
    await part('Labelling', () => inContext(browser, (context) => benchLabelling(context, studio)));
    rows.push(ours('load of the machine at the end', loadavg()[0] ?? null, 'tasks'));
    return { adapter: `Chromium ${browser.version()}`, suite: 'page', rows };
  } finally {
    await browser.close();
    await served.close();
  }
}

type Context = Awaited<ReturnType<Browser['newContext']>>;

/** What it measures stands on its own: nothing is kept from before. */
async function inContext(browser: Browser, measure: (context: Context) => Promise<BenchRow[]>): Promise<BenchRow[]> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });
  try {
    return await measure(context);
  } finally {
    await context.close();
  }
}
