import type { BrowserContext, CDPSession, Page } from 'playwright';
import { type BenchRow, ours } from '../report.ts';
import { importPictures } from './import.ts';
import { quantile, scriptPerFrame, tracePage } from './trace.ts';

const PICTURES = 10_000;
const BOXES = 500;
const MOVES = 240;
/** As often as a screen is drawn. */
const EVERY_MS = 16;

/** A box dragged on a picture of 500 boxes, one resized, one drawn, in a set of 10,000 pictures. */
export async function benchLabelling(
  context: BrowserContext,
  address: string,
  pictures = PICTURES,
): Promise<BenchRow[]> {
  const page = await context.newPage();
  await page.goto(address);
  await page.getByRole('button', { name: 'Train on this' }).waitFor();
  await importPictures(page, pictures, BOXES);
  await page.locator('.sample-cell').first().click();
  const startMs = Date.now();
  await page.getByRole('link', { name: 'Edit boxes' }).click();
  await page.locator('.label-picture img').waitFor();
  await page.getByText('All saved').waitFor();
  const openMs = Date.now() - startMs;
  await page.waitForTimeout(1000);
  const cdp = await context.newCDPSession(page);
  const picture = await page.locator('.label-picture').boundingBox();
  if (picture === null) return [];
  // The first box is 5..60 of 160 pixels; the last ones lie far from its left edge.
  const at = (x: number, y: number) => ({
    x: picture.x + (x * picture.width) / 160,
    y: picture.y + (y * picture.width) / 160,
  });
  const edge = at(4.5, 30);
  const rows = [ours('labelling: until a set of 10,000 pictures is open', openMs, 'ms')];
  await page.mouse.click(edge.x, edge.y);
  const corner = at(4, 4);
  rows.push(...(await dragged(page, cdp, 'resizing', corner)));
  await page.keyboard.press('Control+z');
  // What is kept meanwhile would take a share of the processor.
  await page.getByText('All saved').waitFor();
  rows.push(...(await dragged(page, cdp, 'moving', at(10, 10))));
  await page.keyboard.press('Escape');
  await page.getByText('All saved').waitFor();
  rows.push(...(await dragged(page, cdp, 'drawing', at(80, 60))));
  const drawnMs = Date.now();
  await page.getByText('All saved').waitFor();
  rows.push(ours('labelling: until a box is kept', Date.now() - drawnMs, 'ms'));
  await page.close();
  return rows;
}

async function dragged(page: Page, cdp: CDPSession, what: string, from: { x: number; y: number }): Promise<BenchRow[]> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  const trace = await tracePage(cdp, async () => {
    for (let i = 0; i < MOVES; i += 1) {
      const turn = (i / MOVES) * 4 * Math.PI;
      void page.mouse.move(from.x + 60 * Math.sin(turn), from.y + 60 * (1 - Math.cos(turn)));
      await page.waitForTimeout(EVERY_MS);
    }
  });
  await page.mouse.up();
  // Frames in which nothing was dragged say nothing.
  const script = scriptPerFrame(trace).filter((ms) => ms > 0.1);
  return [
    ours(`labelling, ${what} one of ${BOXES} boxes: script, median`, quantile(script, 0.5), 'ms a frame'),
    ours(`labelling, ${what}: script, 95th percentile`, quantile(script, 0.95), 'ms a frame'),
    ours(`labelling, ${what}: script, most`, Math.max(...script), 'ms a frame'),
    ours(`labelling, ${what}: frames with script`, script.length, `of ${MOVES} moves`),
  ];
}
