import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { DrawnFiles } from './drawn-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'detrain-drawn-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let folders = 0;
const free = () => join(folder, `out-${++folders}`);
const bytes = new Uint8Array([1, 2, 3]);

test('each picture keeps its name, with a number where two have one', async () => {
  const out = free();
  const files = await DrawnFiles.open(out, false, []);
  const names = [
    await files.pathFor('a/cat.jpeg', 'jpg'),
    await files.pathFor('b/CAT.jpg', 'jpg'),
    await files.pathFor('c/cat.jpg', 'jpg'),
    await files.pathFor('cat.webp', 'png'),
    await files.pathFor('https://example.com/x/two%20words.jpg?size=big#top', 'jpg'),
    await files.pathFor('https://example.com/..%2F..%2Fetc%2Fpasswd.png', 'png'),
    await files.pathFor('https://example.com/', 'png'),
    await files.pathFor('https://example.com/%E0%A4.png', 'png'),
  ].map((path) => path.slice(out.length + 1));
  expect(names).toEqual([
    'cat.jpg',
    'CAT-2.jpg',
    'cat-3.jpg',
    'cat.png',
    'two words.jpg',
    'etc-passwd.png',
    'picture.png',
    '%E0%A4.png',
  ]);
});

test('what is there stays, unless told otherwise', async () => {
  const out = free();
  const path = await (await DrawnFiles.open(out, false, [])).pathFor('cat.jpg', 'jpg');
  writeFileSync(path, 'precious');
  const files = await DrawnFiles.open(out, false, []);
  await expect(files.pathFor('cat.jpg', 'jpg')).rejects.toThrow(/cat\.jpg is there already; expected a free name/);
  await expect(files.write(path, bytes)).rejects.toThrow(/is there already/);
  expect(readFileSync(path, 'utf8')).toBe('precious');
  const forced = await DrawnFiles.open(out, true, []);
  await forced.write(await forced.pathFor('cat.jpg', 'jpg'), bytes);
  expect([...readFileSync(path)]).toEqual([...bytes]);
});

test('a picture never gets overwritten by its own drawing, through a link neither', async () => {
  const picture = join(folder, 'dog.jpg');
  writeFileSync(picture, 'original');
  await expect((await DrawnFiles.open(folder, true, [picture])).pathFor(picture, 'jpg')).rejects.toThrow(
    /is the picture itself/,
  );
  const out = free();
  const files = await DrawnFiles.open(out, true, [picture]);
  symlinkSync(picture, join(out, 'dog.jpg'));
  await expect(files.pathFor('dog.jpg', 'jpg')).rejects.toThrow(/is the picture itself/);
});

test('a folder that cannot be made is refused', async () => {
  writeFileSync(join(folder, 'file'), '');
  await expect(DrawnFiles.open(join(folder, 'file/out'), false, [])).rejects.toMatchObject({
    code: 'storage',
    message: expect.stringMatching(/cannot be made .*Choose another --out/),
  });
});
