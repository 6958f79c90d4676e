import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { folderAdapterStore } from './adapter-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'detrain-adapters-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('what is kept of an adapter is there in the next session, for that adapter alone', async () => {
  const table = { 'matmul nn 128x128x128x1': 'workgroup-64' };
  await folderAdapterStore(join(folder, 'new')).write('A card / 2', table);
  expect(await folderAdapterStore(join(folder, 'new')).read('A card / 2')).toEqual(table);
  expect(await folderAdapterStore(join(folder, 'new')).read('A card')).toBeNull();
});

test('a damaged file is as none, and a folder that cannot be written is no failure', async () => {
  const store = folderAdapterStore(folder);
  writeFileSync(join(folder, 'damaged.json'), '{"matmul": ');
  expect(await store.read('damaged')).toBeNull();
  writeFileSync(join(folder, 'file'), '');
  await expect(folderAdapterStore(join(folder, 'file', 'below')).write('card', {})).resolves.toBeUndefined();
});
