import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, preview } from 'vite';
import { type MadeShards, shardsOf } from '../src/data/test-shard-host.ts';
import { PORT } from './browser.ts';
import { smallSet } from './sharded-set.ts';
import { test as base, expect, violations } from './studio.ts';

const PICTURES = 40;

/** The studio's own server over a folder with one set in it, and one that is being made. */
const test = base.extend<{ made: MadeShards; how: 'dev' | 'preview' }>({
  how: ['dev', { option: true }],
  made: async ({ browserName: _ }, use) => {
    await use(await shardsOf(await smallSet(PICTURES), { shardBytes: 60_000 }));
  },
  baseURL: async ({ made, how }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'detrain-processed-'));
    await mkdir(join(folder, 'cells'));
    for (const [name, bytes] of made.files) await writeFile(join(folder, 'cells', name), bytes);
    await mkdir(join(folder, 'half'));
    process.env.DETRAIN_PROCESSED = folder;
    const options = { port: PORT + 3, strictPort: true };
    const server =
      how === 'dev'
        ? await createServer({ server: options, logLevel: 'error' })
        : await preview({ preview: options, logLevel: 'error', base: '/below/' });
    if ('listen' in server) await server.listen();
    await use(server.resolvedUrls?.local[0] ?? '');
    await server.close();
    await rm(folder, { recursive: true, force: true });
  },
});

for (const how of ['dev', 'preview'] as const) {
  test.describe(how, () => {
    test.use({ how });

    test(`npm run ${how} shows what npm run data has made, and imports it without a question`, async ({
      page,
      made,
    }) => {
      await page.goto('#/data');
      const offer = page.getByRole('region', { name: "On this computer's disk" });
      await expect(offer.getByRole('listitem')).toHaveCount(1);
      await expect(offer).toContainText(/SMALL40 images, \d+ KB/);
      expect(await violations(page)).toEqual([]);
      await page.screenshot({ path: `test-results/data-offered-${how}.png` });
      await offer.getByRole('button', { name: 'Import SMALL' }).click();
      await expect(page.locator('.import-status[role=status]')).toContainText(`${PICTURES} images imported`);
      await expect(page.locator('.set-list')).toContainText(made.index.hash.slice(0, 8));
      await expect(
        page
          .getByRole('list', { name: /^Pictures of SMALL/ })
          .locator('img')
          .first(),
      ).toBeVisible();
      await expect(offer).toBeHidden();
    });
  });
}
