import { createServer, type ViteDevServer } from 'vite';
import { PORT } from './browser.ts';
import { expect, test } from './studio.ts';

const ADDRESS = `http://localhost:${PORT + 2}`;
const STEPS = 2500;
/** From here on the plots are full, and nothing may grow any more. */
const FULL_AT = 500;
/** What the numbers of two thousand steps may take, and what a browser does not clean up at once. */
const MOST_GROWTH_BYTES = 4_000_000;
const LONGEST_TASK_MS = 500;
const MOST_MESSAGES_A_SECOND = 10;
const MOST_ELEMENTS = 2000;

let server: ViteDevServer;

test.use({ baseURL: ADDRESS });
test.beforeAll(async () => {
  server = await createServer({ server: { port: PORT + 2, strictPort: true }, logLevel: 'error' });
  await server.listen();
});
test.afterAll(() => server.close());

test('a page beside a run of thousands of steps stays quick, small and quiet', async ({ page, context }) => {
  await page.goto(`${ADDRESS}/e2e/long-run/long-run.html#/train`);
  await expect(page.getByRole('button', { name: 'Start training' })).toBeEnabled();
  await page.getByLabel('Steps', { exact: true }).fill(String(STEPS));
  await page.evaluate(() => {
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.longestTaskMs = Math.max(window.longestTaskMs, duration);
    }).observe({ type: 'longtask' });
    window.longestTaskMs = 0;
  });
  const cdp = await context.newCDPSession(page);
  const usedBytes = async (): Promise<number> => {
    await cdp.send('HeapProfiler.collectGarbage');
    return (await cdp.send('Runtime.getHeapUsage')).usedSize;
  };
  const status = page.getByRole('status').last();
  const step = async (): Promise<number> =>
    Number(/step ([\d,]+) of/.exec((await status.textContent()) ?? '')?.[1]?.replaceAll(',', '') ?? 0);

  await page.getByRole('button', { name: 'Start training' }).click();
  const startMs = Date.now();
  await expect.poll(step).toBeGreaterThan(FULL_AT);
  const before = await usedBytes();
  await expect(status).toContainText('Finished');
  const seconds = (Date.now() - startMs) / 1000;
  const after = await usedBytes();

  expect(after - before).toBeLessThan(MOST_GROWTH_BYTES);
  expect(await page.evaluate(() => window.trainMessages)).toBeLessThanOrEqual(MOST_MESSAGES_A_SECOND * seconds + 1);
  expect(await page.locator('*').count()).toBeLessThan(MOST_ELEMENTS);
  expect(await page.evaluate(() => window.longestTaskMs)).toBeLessThan(LONGEST_TASK_MS);
  await expect(
    page
      .getByText(`After step ${STEPS.toLocaleString('en-GB')} the total loss`)
      .or(page.getByText(`After step ${STEPS} the total loss`)),
  ).toBeAttached();
});

declare global {
  interface Window {
    longestTaskMs: number;
  }
}
