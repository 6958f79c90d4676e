import type { Response } from 'playwright/test';
import { type StaticHost, staticHost } from './static-host.ts';
import { test as base, expect } from './studio.ts';

const test = base.extend<{ host: StaticHost }>({
  host: async ({ browserName: _ }, use) => {
    const host = await staticHost('/a/folder/');
    await use(host);
    await host.close();
  },
  baseURL: async ({ host }, use) => use(host.address),
});
test.use({ serviceWorkers: 'allow' });

test('on a plain host, from the second load on: isolated, under its policy, and whole without the host', async ({
  page,
  host,
  complaints,
}) => {
  await page.goto('');
  await expect(page.getByRole('button', { name: 'Train on this' })).toBeVisible();
  expect(await page.evaluate(() => window.crossOriginIsolated)).toBe(false);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);

  await test.step('the service worker gives the headers that the host does not', async () => {
    const answers: Response[] = [];
    page.on('response', (response) => answers.push(response));
    await page.reload();
    await expect(page.getByRole('button', { name: 'Train on this' })).toBeVisible();
    expect(await page.evaluate(() => window.crossOriginIsolated)).toBe(true);
    await page.goto('#/train');
    const policies = new Map(answers.map((answer) => [new URL(answer.url()).pathname, answer.headers()]));
    const of = (part: RegExp): string =>
      [...policies].find(([path]) => part.test(path))?.[1]['content-security-policy'] ?? 'none';
    expect(of(/\/a\/folder\/$/)).toMatch(/connect-src 'self'(;|$)/);
    expect(of(/data\.worker/)).toContain('connect-src');
    expect(of(/data\.worker/)).toMatch(/connect-src [^;]*https:/);
  });

  await test.step('transformers.js, once it was used, is kept as well', async () => {
    await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Predict' }).click();
    await page.getByText('transformers.js', { exact: true }).click();
    await page.getByRole('button', { name: 'Sample picture 2026_000003.jpg' }).click();
    await expect(page.getByText(/on WebAssembly, by transformers\.js/)).toBeVisible();
    await page.waitForFunction(async () => {
      const kept = await caches.open('detrain-on-demand');
      return (await kept.keys()).length === 1;
    });
  });

  await test.step('without the host every room opens, and the set is there', async () => {
    await host.close();
    await page.goto('');
    await page.reload();
    const grid = page.getByRole('list', { name: /^Pictures of/ });
    await expect(grid.locator('img').first()).toBeVisible();
    for (const room of ['Train', 'Evaluate', 'Runs', 'Predict']) {
      await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: room }).click();
      await expect(page.getByRole('main', { name: room }).getByRole('heading').first()).toBeVisible();
    }
  });

  await test.step('and the weights that came with it predict', async () => {
    await page.getByRole('button', { name: 'Sample picture 2026_000003.jpg' }).click();
    await expect(page.getByRole('img', { name: /^2026_000003.jpg: found cat, airplane, car/ })).toBeVisible({
      timeout: 300_000,
    });
    await page.getByText('transformers.js', { exact: true }).click();
    await expect(page.getByText(/on WebAssembly, by transformers\.js/)).toBeVisible();
  });
  expect(complaints.filter((complaint) => !complaint.includes('ERR_CONNECTION_REFUSED'))).toEqual([]);
  complaints.length = 0;
});
