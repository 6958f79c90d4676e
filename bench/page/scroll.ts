import type { BrowserContext } from 'playwright';
import { type BenchRow, ours } from '../report.ts';
import { importPictures } from './import.ts';
import { startRun } from './long-run.ts';
import { quantile, scriptPerFrame, tracePage } from './trace.ts';

const PICTURES = 10_000;
/** About six rows of pictures a second: quicker than anyone looks. */
const SPEED_PX = 1000;
const DISTANCE_PX = 8000;
/** Longer than the scrolling takes. */
const STEPS = 20_000;

/** Scrolling through 10,000 pictures at a steady speed while a run of the trainer that computes nothing goes on. */
export async function benchScroll(context: BrowserContext, address: string, pictures = PICTURES): Promise<BenchRow[]> {
  const page = await context.newPage();
  await page.goto(address);
  await page.getByRole('button', { name: 'Train on this' }).waitFor();
  const importSeconds = await importPictures(page, pictures);
  await page.locator('.import-status').getByRole('button', { name: 'Dismiss' }).click();
  await startRun(page, STEPS);
  await page.evaluate(() => {
    window.location.hash = '#/data';
  });
  await page.locator('.sample-cell img').first().waitFor();
  await page.waitForTimeout(1000);
  const cdp = await context.newCDPSession(page);
  let seconds = 0;
  const trace = await tracePage(cdp, async () => {
    const startMs = performance.now();
    await cdp.send('Input.synthesizeScrollGesture', {
      x: 900,
      y: 500,
      yDistance: -DISTANCE_PX,
      speed: SPEED_PX,
      preventFling: true,
      gestureSourceType: 'mouse',
    });
    seconds = (performance.now() - startMs) / 1000;
  });
  const cells = await page.locator('.sample-cell').count();
  await page.close();

  const script = scriptPerFrame(trace);
  return [
    ours(`import of ${pictures.toLocaleString('en-US')} pictures`, importSeconds, 's'),
    ours('scrolling: script, median', quantile(script, 0.5), 'ms a frame'),
    ours('scrolling: script, 95th percentile', quantile(script, 0.95), 'ms a frame'),
    ours('scrolling: script in all', script.reduce((sum, ms) => sum + ms, 0) / seconds, 'ms a second'),
    ours('scrolling: frames', trace.framesMs.length / seconds, 'a second'),
    ours('scrolling: longest task', Math.max(...trace.tasks.map(({ durationMs }) => durationMs)), 'ms'),
    ours('scrolling: longest task, its own work', Math.max(...trace.tasks.map(({ cpuMs }) => cpuMs)), 'ms'),
    ours('pictures in the page', cells, `of ${pictures.toLocaleString('en-US')}`),
  ];
}
