import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FeatureIdentity } from '../../train/types.ts';
import { folderFeatureStore } from './feature-store.ts';

const IDENTITY: FeatureIdentity = {
  weights: 'w',
  dataSet: 'd',
  pixels: 'p',
  views: 'v',
  stage: 'projected',
  format: 'f16',
};
const ODD_KEY = `3/${'ä/..\\:*'.repeat(60)}`;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'detrain-features-'));
});
afterEach(() => rm(folder, { recursive: true }));

const bytes = (...values: number[]): ArrayBuffer => Int32Array.from(values).buffer;

test('features lie in files, under whatever name, and are found again with what they take', async () => {
  const place = join(folder, 'set');
  expect(await folderFeatureStore(place).kept()).toBeNull();
  const shelf = await folderFeatureStore(place).open(IDENTITY);
  await shelf.put(
    new Map([
      ['0/a', bytes(1, 2)],
      [ODD_KEY, bytes(3)],
    ]),
  );
  expect(await folderFeatureStore(place).kept()).toEqual({ identity: IDENTITY, bytes: 12 });
  const again = await folderFeatureStore(place).open(IDENTITY);
  expect([await again.get('0/a'), await again.get(ODD_KEY), await again.get('1/a')]).toEqual([
    bytes(1, 2),
    bytes(3),
    null,
  ]);
  expect(await folderFeatureStore(place).freeBytes()).toBeGreaterThan(0);
});

test('another identity deletes what was kept, and whoever still holds the old shelf reads nothing of the new one', async () => {
  const store = folderFeatureStore(folder);
  const old = await store.open(IDENTITY);
  await old.put(new Map([['0/a', bytes(1)]]));
  const other = await store.open({ ...IDENTITY, weights: 'other' });
  await other.put(new Map([['0/a', bytes(2)]]));
  expect(await old.get('0/a')).toBeNull();
  await old.put(new Map([['0/a', bytes(1)]]));
  expect([await old.get('0/a'), await other.get('0/a')]).toEqual([bytes(1), bytes(2)]);
  await store.open({ ...IDENTITY, weights: 'other' });
  expect(await readdir(folder)).toHaveLength(2);
});

test('an identity that is damaged is none', async () => {
  const store = folderFeatureStore(folder);
  await (await store.open(IDENTITY)).put(new Map([['0/a', bytes(1)]]));
  await writeFile(join(folder, 'identity.json'), '{"weights": 1}');
  expect(await store.kept()).toBeNull();
});

test('a place that cannot be written is said with its name', async () => {
  await writeFile(join(folder, 'file'), '');
  await expect(folderFeatureStore(join(folder, 'file', 'set')).open(IDENTITY)).rejects.toMatchObject({
    code: 'storage',
    message: expect.stringContaining(join(folder, 'file', 'set')),
  });
});
