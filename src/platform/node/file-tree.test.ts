import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReadArchive } from '../../data/types.ts';
import { openFileTree } from './file-tree.ts';

const noArchive: ReadArchive = () => Promise.reject(new Error('not an archive'));
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'detrain-tree-'));
  await mkdir(join(folder, 'set/deep'), { recursive: true });
  await writeFile(join(folder, 'set/deep/a b.txt'), 'hello');
  await writeFile(join(folder, 'outside.txt'), 'secret');
  await symlink(join(folder, 'outside.txt'), join(folder, 'set/link.txt'));
  await symlink(folder, join(folder, 'set/loop'));
});

afterAll(() => rm(folder, { recursive: true }));

test('a folder gives its regular files, read when asked for; links are left out and said', async () => {
  const tree = await openFileTree(join(folder, 'set'), noArchive);
  expect([...tree.files.keys()]).toEqual(['deep/a b.txt']);
  const entry = tree.files.get('deep/a b.txt');
  expect(entry?.byteLength).toBe(5);
  expect(new TextDecoder().decode(await entry?.read())).toBe('hello');
  expect(tree.problems.map(({ file }) => file)).toEqual(['link.txt', 'loop']);
});

test('a file that is gone, and a path that is not there, are refused with their names', async () => {
  await writeFile(join(folder, 'set/gone.txt'), 'x');
  const tree = await openFileTree(join(folder, 'set'), noArchive);
  await rm(join(folder, 'set/gone.txt'));
  await expect(tree.files.get('gone.txt')?.read()).rejects.toMatchObject({ code: 'not-found', message: /gone.txt/ });
  await expect(openFileTree(join(folder, 'nowhere'), noArchive)).rejects.toMatchObject({ code: 'not-found' });
});

test('a file is given to the archive reader as a stream, with its name', async () => {
  const readArchive: ReadArchive = async (stream, name) => {
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    return { name, files: new Map([['all', { byteLength: bytes.byteLength, read: async () => bytes }]]), problems: [] };
  };
  const tree = await openFileTree(join(folder, 'outside.txt'), readArchive);
  expect([tree.name, tree.files.get('all')?.byteLength]).toEqual(['outside.txt', 6]);
});
