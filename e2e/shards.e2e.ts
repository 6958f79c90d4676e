import type { Page } from 'playwright/test';
import { type MadeShards, type ShardHost, shardsOf, startShardHost } from '../src/data/test-shard-host.ts';
import { drop, fileOf } from './files.ts';
import { agree, importFrom } from './from-address.ts';
import { smallSet } from './sharded-set.ts';
import { test as base, expect, violations } from './studio.ts';

const PICTURES = 600;

const test = base.extend<{ made: MadeShards; host: ShardHost }>({
  made: async ({ browserName: _ }, use) => {
    await use(await shardsOf(await smallSet(PICTURES), { shardBytes: 300_000 }));
  },
  host: async ({ made }, use) => {
    const host = await startShardHost(made.files);
    await use(host);
    await host.close();
  },
});

test('a set in shards is fetched from an address; cut, killed and begun again it fetches the rest alone', async ({
  page,
  context,
  made,
  host,
  complaints,
}) => {
  const done = (opened: Page) => opened.locator('.import-status[role=status]');
  let before = 0;

  await test.step('the user is asked once; a connection that is cut is taken up by range', async () => {
    await page.goto('#/data');
    host.pieceMs = 400;
    host.cutAfter.push(100_000, null, 50_000);
    await importFrom(page, `${host.address}/`);
    const question = page.getByRole('dialog', { name: 'Fetch from another site?' });
    await expect(question).toContainText('cells (its index and shards)');
    expect(host.asked).toEqual([]);
    await agree(page);
    await expect(page.getByRole('region', { name: 'Import of SMALL' })).toContainText(/of [\d.]+ MB/);
    await expect
      .poll(() => host.asked.filter((asked) => / bytes=[1-9]/.test(asked)).length, { timeout: 60_000 })
      .toBeGreaterThanOrEqual(2);
  });

  await test.step('what has come is looked at, and trained on, while the rest comes', async () => {
    await page.getByRole('button', { name: /SMALL.*more is on its way/ }).click();
    // However slow this computer is, it does not end meanwhile.
    host.pieceMs = 10_000;
    await expect(
      page
        .getByRole('list', { name: /^Pictures of SMALL/ })
        .locator('img')
        .first(),
    ).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: 'test-results/data-arriving.png' });
    await page.getByRole('button', { name: /^Train on these \d+ images$/ }).click();
    await expect(page.getByLabel('Data set').locator('option:checked')).toHaveText(/SMALL \(first \d+ pictures\)/);
    await expect(page.getByRole('contentinfo')).toContainText('Importing "SMALL"');
  });

  await test.step('the tab is killed', async () => {
    await page.close();
    host.pieceMs = 0;
    before = host.asked.length;
  });

  await test.step('opened again it goes on from that address, without what is stored', async () => {
    const again = await context.newPage();
    await again.goto('#/data');
    const stopped = again.getByRole('region', { name: 'Import of SMALL stopped' });
    await expect(stopped).toContainText(`${host.address}/`);
    const stored = Number(/stopped at (\d+) picture/.exec((await stopped.textContent()) ?? '')?.[1]);
    expect(stored).toBeGreaterThan(0);
    expect(await violations(again)).toEqual([]);
    await again.screenshot({ path: 'test-results/data-stopped.png' });
    await stopped.getByRole('button', { name: 'Go on' }).click();
    await agree(again);
    await expect(done(again)).toContainText(`${PICTURES} images imported (${stored} of them were stored before)`);
    const asked = host.asked.slice(before).filter((name) => name.includes('.tar'));
    const shards = new Set(made.index.samples.map(({ picture }) => picture.shard));
    expect(asked.some((name) => / bytes=[1-9]/.test(name)) || asked.length < shards.size).toBe(true);
    await expect(again.locator('.set-list')).toContainText(made.index.hash.slice(0, 8));
    await expect(
      again
        .getByRole('list', { name: /^Pictures of SMALL/ })
        .locator('img')
        .first(),
    ).toBeVisible();
  });
  // The host is another site, and closes connections on purpose.
  complaints.length = 0;
});

test('shards dropped with their index are checked; what is missing or damaged is named, and the rest can be taken', async ({
  page,
  made,
}) => {
  const dropped = (change: (name: string, bytes: Uint8Array) => Uint8Array | null) =>
    [...made.files].flatMap(([name, bytes]) => {
      const given = change(name, bytes);
      return given === null ? [] : [fileOf(name, given)];
    });
  await page.goto('#/data');
  const alert = page.locator('.data-side [role=alert]');
  await drop(
    page,
    dropped((name, bytes) => (name === 'shard-00001.tar' ? null : bytes)),
  );
  await expect(alert).toContainText('shard-00001.tar (missing)');
  await drop(
    page,
    dropped((name, bytes) => (name === 'shard-00001.tar' ? bytes.with(20_000, 0) : bytes)),
  );
  await expect(alert).toContainText(/shard-00001\.tar is changed or damaged: the picture "\d+" in it/);
  await expect(alert).toContainText(`${PICTURES - 1} of the ${PICTURES} pictures of SMALL are stored`);
  await alert.getByRole('button', { name: 'Take what is complete' }).click();
  await expect(page.locator('.import-status[role=status]')).toContainText(`${PICTURES - 1} images imported`);
  await expect(page.locator('.set-list')).toContainText('SMALL (incomplete)');
  await drop(
    page,
    dropped((_, bytes) => bytes),
  );
  await expect(page.locator('.import-status[role=status]')).toContainText(`${PICTURES} images imported`);
  await expect(page.locator('.set-list')).toContainText(made.index.hash.slice(0, 8));
});
