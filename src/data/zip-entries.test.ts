import { TextReader, Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { expect, test } from 'vitest';
import { readArchiveTree } from './archive-tree.ts';
import { collectTree } from './collect-tree.ts';
import type { Problem } from './types.ts';
import { readZipEntries } from './zip-entries.ts';

type Made = readonly {
  readonly name: string;
  readonly body?: string;
  readonly password?: string;
  readonly link?: boolean;
}[];

async function zipOf(entries: Made): Promise<Uint8Array<ArrayBuffer>> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false });
  for (const { name, body = 'x', password, link = false } of entries) {
    await writer.add(name, new TextReader(body), {
      ...(password === undefined ? {} : { password }),
      ...(link ? { unixMode: 0o120777 } : {}),
    });
  }
  return new Uint8Array(await writer.close());
}

const read = (bytes: Uint8Array<ArrayBuffer>) => readArchiveTree(new Blob([bytes]).stream(), 'made.zip');

test('an entry that is packed in a way that is not read is refused, and does not hang', async () => {
  const bytes = await zipOf([{ name: 'a', body: 'x'.repeat(100) }]);
  const view = new DataView(bytes.buffer);
  const LZMA = 14;
  for (let at = 0; at + 4 <= bytes.byteLength; at += 1) {
    if (view.getUint32(at, true) === 0x04034b50) view.setUint16(at + 8, LZMA, true);
    if (view.getUint32(at, true) === 0x02014b50) view.setUint16(at + 10, LZMA, true);
  }
  await expect(read(bytes)).rejects.toThrow(/is damaged at "a", or packed in a way that is not read/);
});

test('hostile names and links are left out and said', async () => {
  const hostile = ['../a', 'a/../../b', '/abs', 'C:\\x', '..\\x'];
  const bytes = await zipOf([
    ...hostile.map((name) => ({ name })),
    { name: 'link', body: '/etc/passwd', link: true },
    { name: '__MACOSX/._a' },
    { name: 'dir/', body: '' },
    { name: 'dir/a' },
    { name: '__proto__', body: 'kept' },
  ]);
  const tree = await read(bytes);
  expect([...tree.files.keys()]).toEqual(['dir/a', '__proto__']);
  expect(tree.problems.map(({ file }) => file)).toEqual([...hostile, 'link']);
  expect(new TextDecoder().decode(await tree.files.get('__proto__')?.read())).toBe('kept');
});

test('a locked archive is refused in plain words', async () => {
  const bytes = await zipOf([{ name: 'a' }, { name: 'secret.xml', password: 'p' }]);
  await expect(read(bytes)).rejects.toMatchObject({
    code: 'bad-archive',
    message: 'The zip made.zip is locked with a password at "secret.xml". Unpack it and give the folder.',
  });
});

test('every cut of an archive is refused', async () => {
  const bytes = await zipOf([{ name: 'a', body: 'hello '.repeat(50) }, { name: 'b' }]);
  for (let cut = 4; cut < bytes.byteLength; cut += 7) {
    await expect(read(bytes.slice(0, cut))).rejects.toMatchObject({ code: 'bad-archive' });
  }
});

test('a flipped byte is noticed by the checksum', async () => {
  const bytes = await zipOf([{ name: 'a', body: 'hello' }]);
  const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false });
  await writer.add('a', new Uint8ArrayReader(new TextEncoder().encode('hello')), { level: 0 });
  const stored = new Uint8Array(await writer.close());
  const at = new TextDecoder('latin1').decode(stored).indexOf('hello');
  stored[at] = 0x48;
  await expect(read(stored)).rejects.toMatchObject({ message: expect.stringContaining('damaged at "a"') });
  expect((await read(bytes)).files.size).toBe(1);
});

test('an entry that unpacks to more than it states is stopped there', async () => {
  const bytes = await zipOf([{ name: 'bomb', body: '0'.repeat(5_000_000) }]);
  const view = new DataView(bytes.buffer);
  const list = new TextDecoder('latin1').decode(bytes).indexOf('PK\x01\x02');
  view.setUint32(list + 24, 100, true); // uncompressed size in the list of files
  const before = process.memoryUsage().arrayBuffers;
  await expect(read(bytes)).rejects.toMatchObject({ code: 'bad-archive' });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2e6);
});

test('an archive that states more than the limit is refused before anything is unpacked', async () => {
  const problems: Problem[] = [];
  const archive = new Blob([await zipOf([{ name: 'a', body: '0'.repeat(3_000_000) }])]);
  const entries = readZipEntries(archive, 'large.zip', { maxBytes: 1_000_000, problems });
  await expect(collectTree(entries, 'large.zip', problems)).rejects.toMatchObject({
    message: expect.stringContaining('unpacks to more than 1000000 bytes'),
  });
});
