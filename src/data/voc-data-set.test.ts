import { expect, test } from 'vitest';
import { byCodePoint } from './build-data-set.ts';
import { bitmap } from './test-import.ts';
import type { FileEntry, FileTree } from './types.ts';
import { readVocDataSet } from './voc-data-set.ts';
import { readVocAnnotation } from './voc-xml.ts';

const encoder = new TextEncoder();

function annotation(size: string, objects: readonly string[] = [`<name>a</name>${box(1, 1, 4, 4)}`]): string {
  return `<annotation>${size}${objects.map((o) => `<object>${o}</object>`).join('')}</annotation>`;
}

function box(xmin: number, ymin: number, xmax: number, ymax: number): string {
  return `<bndbox><xmin>${xmin}</xmin><ymin>${ymin}</ymin><xmax>${xmax}</xmax><ymax>${ymax}</ymax></bndbox>`;
}

function tree(files: Record<string, string | Uint8Array>): FileTree {
  const entries = Object.entries(files).map(([path, body]) => {
    const bytes = typeof body === 'string' ? encoder.encode(body) : body;
    return [path, { byteLength: bytes.byteLength, read: async () => bytes }] as const;
  });
  return { name: 'made', files: new Map(entries), problems: [] };
}

function pictures(n: number, extra: Record<string, string> = {}): FileTree {
  const files: Record<string, string | Uint8Array> = { ...extra };
  for (let i = 0; i < n; i += 1) {
    files[`JPEGImages/${i}.bmp`] = bitmap(8, 6);
    files[`Annotations/${i}.xml`] = annotation('');
  }
  return tree(files);
}

test('without lists 80 of 100 are drawn by the seed, the same each time, and it is said', async () => {
  const set = await readVocDataSet(pictures(10));
  const again = await readVocDataSet(pictures(10));
  const other = await readVocDataSet(pictures(10), { seed: 1 });
  expect([set.splits.train?.length, set.splits.val?.length]).toEqual([8, 2]);
  expect(again.splits).toEqual(set.splits);
  expect(other.splits).not.toEqual(set.splits);
  expect(set.problems.map(({ reason }) => reason).join()).toMatch(/no list of train or val; 8 .* 2 .* seed 0/);
});

test('what one list lacks the others give', async () => {
  const trainval = await readVocDataSet(pictures(6, { 'ImageSets/Main/trainval.txt': '0\n1\n2\n3\n4' }));
  expect([...(trainval.splits.train ?? []), ...(trainval.splits.val ?? [])].sort()).toEqual(['0', '1', '2', '3', '4']);
  expect(trainval.samples).toHaveLength(5);
  const onlyVal = await readVocDataSet(
    pictures(3, { 'ImageSets/Main/val.txt': '1', 'ImageSets/Main/test.txt': '0\n2' }),
  );
  expect(onlyVal.splits.train).toEqual(['0', '2']);
});

test('progress counts what the lists name and ends at the end; an abort ends it', async () => {
  const files = pictures(5, { 'ImageSets/Main/train.txt': '0\n1', 'ImageSets/Main/val.txt': '2' });
  const seen: string[] = [];
  await readVocDataSet(files, { onProgress: (done, total) => seen.push(`${done}/${total}`) });
  expect(seen).toEqual(['1/3', '2/3', '3/3']);
  await expect(readVocDataSet(files, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
});

test('a picture in both train and val is reported', async () => {
  const lists = { 'ImageSets/Main/train.txt': '0\n1', 'ImageSets/Main/val.txt': '1' };
  const { problems } = await readVocDataSet(pictures(2, lists));
  expect(problems).toMatchObject([{ reason: expect.stringContaining('both train and val') }]);
});

test('a set with no usable picture, or without a box, is refused', async () => {
  const broken = tree({ 'JPEGImages/a.jpg': '<html>', 'Annotations/a.xml': annotation('') });
  await expect(readVocDataSet(broken)).rejects.toMatchObject({
    code: 'bad-data-set',
    message: expect.stringContaining('web page'),
  });
  const empty = tree({ 'JPEGImages/a.bmp': bitmap(4, 4), 'Annotations/a.xml': annotation('', []) });
  await expect(readVocDataSet(empty)).rejects.toMatchObject({ message: expect.stringContaining('no box') });
  const loose = tree({ 'x.jpg': 'x' });
  await expect(readVocDataSet(loose)).rejects.toMatchObject({ message: expect.stringContaining('Annotations/') });
});

test('an annotation for another picture is refused, one with the wrong size but fitting boxes is taken', async () => {
  const size = '<size><width>100</width><height>30</height></size>';
  const set = await readVocDataSet(
    tree({
      'JPEGImages/a.bmp': bitmap(8, 6),
      'Annotations/a.xml': annotation(size, [`<name>a</name>${box(50, 1, 90, 20)}`]),
      'JPEGImages/b.bmp': bitmap(8, 6),
      'Annotations/b.xml': annotation(size),
    }),
  );
  expect(set.samples.map(({ id }) => id)).toEqual(['b']);
  const problems = set.problems.filter(({ file }) => file.startsWith('Annotations'));
  expect(problems.map(({ severity }) => severity)).toEqual(['refused', 'warning']);
});

test('the hash follows a box, a picture and nothing else', async () => {
  const hashOf = async (files: FileTree) => (await readVocDataSet(files)).hash;
  const plain = await hashOf(pictures(2));
  expect(await hashOf(pictures(2))).toBe(plain);
  const moved = pictures(2);
  const files = new Map(moved.files);
  const bytes = encoder.encode(annotation('', [`<name>a</name>${box(1, 1, 4, 5)}`]));
  files.set('Annotations/1.xml', { byteLength: bytes.byteLength, read: async () => bytes });
  expect(await hashOf({ ...moved, files })).not.toBe(plain);
  const darker = bitmap(8, 6);
  darker[60] = 1;
  files.set('Annotations/1.xml', moved.files.get('Annotations/0.xml') ?? { byteLength: 0, read: async () => bytes });
  files.set('JPEGImages/1.bmp', { byteLength: darker.byteLength, read: async () => darker });
  expect(await hashOf({ ...moved, files })).not.toBe(plain);
});

test('names sort by code point, past the basic plane too', () => {
  expect(['\u{1f99d}', '\uff41', 'b', 'B', 'ab', 'a'].sort(byCodePoint)).toEqual([
    'B',
    'a',
    'ab',
    'b',
    '\uff41',
    '\u{1f99d}',
  ]);
});

test('character references are read, a deep or foreign document is refused', () => {
  const read = (xml: string) => readVocAnnotation(encoder.encode(xml));
  expect(
    read(annotation('', [`<name>caf&#233; &#x1F99D; &amp;lt;</name>${box(1, 1, 2, 3)}`])).objects[0]?.className,
  ).toBe('café \u{1f99d} &lt;');
  expect(() => read(`<annotation>${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</annotation>`)).toThrow(/XML/);
  expect(() => read('<annotations><object/></annotations>')).toThrow(/root/);
  expect(() => read('<annotation><__proto__>x</__proto__></annotation>')).toThrow(/XML/);
  expect(read('<annotation/>').objects).toEqual([]);
});

test('two folders of one name in different places keep their pictures apart', async () => {
  const files = new Map<string, FileEntry>();
  for (const place of ['a/VOC', 'b/VOC']) {
    for (const [path, entry] of pictures(1).files) files.set(`${place}/${path}`, entry);
  }
  const { samples } = await readVocDataSet({ name: 'made', files, problems: [] });
  expect(samples.map(({ id }) => id)).toEqual(['a/VOC/0', 'b/VOC/0']);
});
