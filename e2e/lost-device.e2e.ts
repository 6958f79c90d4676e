import { createServer } from 'vite';
import { PORT } from './browser.ts';
import { fillSmallRun } from './small-run.ts';
import { test as base, expect, violations } from './studio.ts';

const test = base.extend({
  // Only a development build loses its device on request.
  baseURL: async ({ browserName: _ }, use) => {
    const server = await createServer({ server: { port: PORT + 2 }, logLevel: 'error' });
    await server.listen();
    await use(server.resolvedUrls?.local[0] ?? '');
    await server.close();
  },
});

test('a run goes on from what it saved, after the graphics card was lost and after its worker died', async ({
  page,
}) => {
  const status = page.getByRole('status').last();
  const alert = page.getByRole('main').getByRole('alert');
  const savedStep = async (): Promise<number> =>
    Number(/up to step (\d+) is saved/.exec((await alert.textContent()) ?? '')?.[1]);
  const stepNow = async (): Promise<number> =>
    Number(/Training.*step (\d+) of 900/.exec((await status.textContent()) ?? '')?.[1]);

  await page.goto('#/train');
  await expect(page.getByText(/computes on the processor, so a short run/)).toBeVisible();
  await fillSmallRun(page, { steps: 900, saveEvery: 2 });
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect(status).toContainText(/step ([3-9]|\d\d+) of 900/);

  let saved = 0;
  await test.step('the device is lost', async () => {
    await page.evaluate(() => (globalThis as unknown as { detrainLoseDevice(): Promise<void> }).detrainLoseDevice());
    await expect(alert).toContainText(/Training stopped: the graphics card was lost at step \d+/);
    await expect(status).toContainText('the graphics card was lost');
    saved = await savedStep();
    expect(saved).toBeGreaterThanOrEqual(2);
    expect(await violations(page)).toEqual([]);
    await alert.getByRole('button', { name: 'Resume' }).click();
    // Not from the start again.
    await expect.poll(stepNow, { timeout: 120_000 }).toBeGreaterThan(saved);
    await expect.poll(stepNow, { timeout: 120_000 }).toBeGreaterThanOrEqual(saved + 3);
  });

  await test.step('the worker dies', async () => {
    const worker = page.workers().find((other) => other.url().includes('train.worker'));
    // The worker ends before it can answer.
    void worker?.evaluate(() => self.close()).catch(() => {});
    await expect(alert).toContainText('The training worker stopped working');
    expect(await savedStep()).toBeGreaterThanOrEqual(saved);
    await expect(alert.getByRole('button', { name: 'Resume' })).toBeEnabled();
  });
});
