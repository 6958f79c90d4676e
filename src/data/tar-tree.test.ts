import { packTar } from 'modern-tar';
import { expect, test } from 'vitest';
import { readTarEntries } from './tar-entries.ts';
import { streamOf } from './tar-stream.ts';
import { readTarTree } from './tar-tree.ts';

const file = (name: string, body = 'x') => ({ header: { name, size: body.length, type: 'file' as const }, body });

test('hostile names are left out or harmless', async () => {
  const hostile = ['../a', 'a/../../b', '/abs', 'C:\\x', '..\\x', 'a\\..\\..\\b'];
  const harmless = ['__proto__', 'constructor', '0', 'a/./b', 'dir//c', '..a', 'a..'];
  const tree = await readTarTree(await packTar([...hostile, ...harmless].map((name) => file(name))), 'hostile');
  expect([...tree.files.keys()].sort()).toEqual(['..a', '0', '__proto__', 'a..', 'a/b', 'constructor', 'dir/c'].sort());
  expect(tree.problems.map(({ file: name }) => name)).toEqual(hostile);
});

test('an entry that nobody reads takes no bytes from the next one', async () => {
  const names = Array.from({ length: 40 }, (_, i) => `${i}`);
  const bytes = await packTar(names.map((name) => file(name, name.repeat(30_000))));
  const read: string[] = [];
  for await (const entry of readTarEntries(streamOf(bytes), 'x', { maxBytes: 1e9, problems: [] })) {
    if (Number(entry.path) % 2 === 0) continue;
    const text = new TextDecoder().decode(await entry.read());
    if (text === entry.path.repeat(30_000)) read.push(entry.path);
  }
  expect(read).toEqual(names.filter((name) => Number(name) % 2 === 1));
});

test.each([
  ['octal', [0x37, 0x37, 0x37, 0x37, 0x37, 0x37, 0x37, 0x37, 0x37, 0x37, 0x37, 0]],
  ['base 256, a terabyte', [0x80, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]],
  ['base 256, negative', Array<number>(12).fill(0xff)],
])('a claimed size past the end (%s) costs no memory and is refused', async (_, sizeField) => {
  const bytes = await packTar([file('a')]);
  bytes.set(sizeField, 124);
  writeChecksum(bytes.subarray(0, 512));
  await refusedWithoutMemory(bytes);
});

test.each(['999999999999', '9007199254740991'])('so is one of a PAX header (%s)', async (size) => {
  const record = ` size=${size}\n`;
  const body = `${record.length + 2}${record}`;
  const pax = { header: { name: 'pax', size: body.length, type: 'pax-header' as const }, body };
  await refusedWithoutMemory(await packTar([pax, file('a')]));
});

test('an archive that unpacks past the limit is refused while it is read', async () => {
  const zeros = new Uint8Array(8 << 20);
  const packed = new Blob([await packTar([{ header: { name: 'z', size: zeros.length, type: 'file' }, body: zeros }])]);
  const gzip = await new Response(packed.stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer();
  expect(gzip.byteLength).toBeLessThan(50_000);
  await expect(readTarTree(new Uint8Array(gzip), 'bomb', { maxBytes: 1 << 20 })).rejects.toMatchObject({
    code: 'bad-archive',
    message: expect.stringContaining('more than 1048576 bytes'),
  });
});

test('damaged gzip and no bytes at all are refused', async () => {
  const packed = new Blob([await packTar([file('a', 'hello')])]);
  const gzip = await new Response(packed.stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer();
  await expect(readTarTree(new Uint8Array(gzip).slice(0, 60), 'half.tar.gz')).rejects.toMatchObject({
    code: 'bad-archive',
  });
  await expect(readTarTree(new Uint8Array(0), 'none.tar')).rejects.toMatchObject({
    message: expect.stringContaining('empty'),
  });
});

async function refusedWithoutMemory(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const before = process.memoryUsage().arrayBuffers;
  await expect(readTarTree(bytes, 'huge')).rejects.toMatchObject({ code: 'bad-archive' });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
}

function writeChecksum(header: Uint8Array): void {
  header.fill(0x20, 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
}
