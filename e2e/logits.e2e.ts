import { expect, test } from 'playwright/test';
import { createServer, type ViteDevServer } from 'vite';
import { PORT } from './browser.ts';
import { readGolden } from './golden.ts';

let server: ViteDevServer;

test.beforeAll(async () => {
  server = await createServer({ server: { port: PORT + 1, strictPort: true }, logLevel: 'error' });
  await server.listen();
});

test.afterAll(() => server.close());

test('logits and boxes of the bundled model are the reference, from the JPEG on', async ({ page }) => {
  await page.goto(`http://localhost:${PORT + 1}/e2e/logits.html`);
  for (const { name, first5_queries: golden } of await readGolden()) {
    await page.waitForFunction(() => typeof window.rawOutput === 'function');
    const { logits, boxes } = await page.evaluate(
      (address) => window.rawOutput(address),
      `/sample/pictures/${name}.jpg`,
    );
    const worst = (actual: readonly number[], expected: readonly (readonly number[])[]) =>
      Math.max(...expected.flat().map((value, i) => Math.abs(value - (actual[i] ?? Number.NaN))));
    expect(worst(logits, golden.logits), `${name} logits`).toBeLessThan(1e-3);
    expect(worst(boxes, golden.pred_boxes), `${name} boxes`).toBeLessThan(1e-3);
  }
});
