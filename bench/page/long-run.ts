import type { BrowserContext, CDPSession, Page } from 'playwright';
import { type BenchRow, ours } from '../report.ts';
import { countMessages, messages } from './messages.ts';
import { tracePage } from './trace.ts';

const STEPS = 2000;
/** From here on the plots are full. */
const FULL_AT = 500;
const LONG_MS = 50;

/** The page while a run of 2,000 steps is plotted, a good two hundred of them a second: once traced, once weighed. */
export async function benchLongRun(context: BrowserContext, address: string): Promise<BenchRow[]> {
  const page = await context.newPage();
  await page.addInitScript(countMessages);
  await page.goto(address);
  const cdp = await context.newCDPSession(page);
  const before = await messages(page);
  const startMs = Date.now();
  const { tasks } = await tracePage(cdp, async () => {
    await startRun(page, STEPS);
    await finished(page);
  });
  const seconds = (Date.now() - startMs) / 1000;
  const told = (await messages(page)) - before;
  const { grownBytes } = await weighRun(page, cdp);
  await page.close();

  const durations = tasks.map(({ durationMs }) => durationMs);
  const busyMs = durations.reduce((sum, ms) => sum + ms, 0);
  return [
    ours('2,000 steps plotted: time', seconds, 's'),
    ours('tasks under 50 ms', (100 * durations.filter((ms) => ms < LONG_MS).length) / durations.length, '%'),
    ours('tasks of 50 ms and more', durations.filter((ms) => ms >= LONG_MS).length, `of ${durations.length}`),
    ours('longest task', Math.max(...durations), 'ms'),
    ours('longest task, its own work', Math.max(...tasks.map(({ cpuMs }) => cpuMs)), 'ms'),
    ours('main thread at work', busyMs / seconds / 10, '%'),
    ours('messages from the trainer', told / seconds, 'a second'),
    ours('page heap from step 500 to 2,000', grownBytes / 1e6, 'MB'),
  ];
}

/** Starts a scripted run of so many steps in the Train room. */
export async function startRun(page: Page, steps: number): Promise<void> {
  await page.evaluate(() => {
    window.location.hash = '#/train';
  });
  await page.getByLabel('Steps', { exact: true }).fill(String(steps));
  await page.getByRole('button', { name: 'Start training' }).click();
}

async function finished(page: Page): Promise<void> {
  await page.getByRole('status').last().getByText('Finished').waitFor({ timeout: 300_000 });
}

async function weighRun(page: Page, cdp: CDPSession): Promise<{ grownBytes: number }> {
  const usedBytes = async (): Promise<number> => {
    await cdp.send('HeapProfiler.collectGarbage');
    return (await cdp.send('Runtime.getHeapUsage')).usedSize;
  };
  const step = async (): Promise<number> => {
    const said = (await page.getByRole('status').last().textContent()) ?? '';
    return Number(/step ([\d,]+) of/.exec(said)?.[1]?.replaceAll(',', '') ?? 0);
  };
  await startRun(page, STEPS);
  while ((await step()) < FULL_AT) await page.waitForTimeout(50);
  const full = await usedBytes();
  await finished(page);
  return { grownBytes: (await usedBytes()) - full };
}
