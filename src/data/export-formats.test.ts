import { expect, test } from 'vitest';
import { exportCocoTar, lostInCoco } from './export-coco.ts';
import { exportVocTar } from './export-voc.ts';
import { exportYoloTar, lostInYolo } from './export-yolo.ts';
import { readDataSet } from './read-data-set.ts';
import { readTarTree } from './tar-tree.ts';
import { treeOf } from './test-trees.ts';
import type { DataSet } from './types.ts';

const SIZES = [
  [500, 375],
  [333, 500],
  [97, 61],
] as const;

function xml(boxes: readonly (readonly number[])[], flags = ''): string {
  const objects = boxes.map(
    ([x0, y0, x1, y1], i) =>
      `<object><name>${i % 2 === 0 ? 'tv, "flat"' : 'Žába'}</name>${flags}<bndbox><xmin>${x0}</xmin><ymin>${y0}</ymin><xmax>${x1}</xmax><ymax>${y1}</ymax></bndbox></object>`,
  );
  return `<annotation>${objects.join('')}</annotation>`;
}

async function vocSet(): Promise<DataSet> {
  return readDataSet(
    treeOf({
      'ImageSets/Main/train.txt': 'a\nb',
      'ImageSets/Main/val.txt': 'c',
      'ImageSets/Main/trainval.txt': 'a\nb\nc\nd',
      'JPEGImages/a.bmp': SIZES[0],
      'Annotations/a.xml': xml([
        [1, 1, 500, 375],
        [3, 7, 41, 99],
      ]),
      'JPEGImages/b.bmp': SIZES[1],
      'Annotations/b.xml': xml([[10.3, 20.7, 100.2, 333.9]], '<difficult>1</difficult><truncated>1</truncated>'),
      'JPEGImages/c.bmp': SIZES[2],
      'Annotations/c.xml': xml([
        [96, 60, 97, 61],
        [1, 1, 1, 1],
      ]),
      'JPEGImages/d.bmp': SIZES[0],
      'Annotations/d.xml': '<annotation/>',
    }),
  );
}

async function reread(blob: Blob): Promise<DataSet> {
  return readDataSet(await readTarTree(new Uint8Array(await blob.arrayBuffer()), 'set'));
}

function comparable({ samples, splits, classes }: DataSet) {
  return { classes, splits, objects: samples.map(({ id, size, objects }) => ({ id, size, objects })) };
}

test('VOC to COCO to YOLO to VOC: the same pictures, classes, splits and boxes', async () => {
  const voc = await vocSet();
  const coco = await reread(await exportCocoTar(voc));
  expect(coco.splits).toEqual(voc.splits);
  // Corners with fractions go to the nearest 1/1024 of a pixel; difficult and truncated are kept.
  const grid = (side: number) => expect.closeTo(side, 3);
  expect(comparable(coco)).toEqual({
    ...comparable(voc),
    objects: comparable(voc).objects.map(({ objects, ...sample }) => ({
      ...sample,
      objects: objects.map((object) => ({ ...object, boxXyxyPx: object.boxXyxyPx.map(grid) })),
    })),
  });
  const yolo = await reread(await exportYoloTar(coco));
  const plain = (set: DataSet) => ({
    ...comparable(set),
    objects: set.samples.map(({ id, objects }) => [
      id,
      objects.map(({ className, boxXyxyPx }) => [className, boxXyxyPx]),
    ]),
  });
  expect(plain(yolo)).toEqual(plain(coco));
  const again = await reread(await exportVocTar(yolo));
  expect(comparable(again)).toEqual(comparable(yolo));
  expect(again.hash).toBe(yolo.hash);
  expect(await again.imageBytes('a')).toEqual(await voc.imageBytes('a'));
});

test('a set in whole pixels has one hash in VOC and COCO', async () => {
  const voc = await readDataSet(treeOf({ 'JPEGImages/a.bmp': SIZES[0], 'Annotations/a.xml': xml([[3, 7, 41, 99]]) }));
  expect((await reread(await exportCocoTar(voc))).hash).toBe(voc.hash);
});

test('what a format has no place for is listed', async () => {
  const voc = await vocSet();
  expect(lostInCoco(voc)).toEqual([]);
  expect(lostInYolo(voc)).toEqual([
    'That 1 objects are difficult: they become objects as any other.',
    'That 1 objects are truncated.',
  ]);
  const [first, ...rest] = voc.samples;
  if (first === undefined) throw new Error('no sample');
  const crowd = { className: 'x', boxXyxyPx: [0, 0, 5, 5], difficult: false, truncated: false, crowd: true } as const;
  const changed = {
    ...voc,
    samples: [{ ...first, objects: [crowd] }, { ...first, id: 'e', labelled: false }, ...rest],
  };
  expect(lostInCoco(changed)[0]).toMatch(/^1 pictures without an annotation/);
  expect(lostInYolo(changed).join(' ')).toMatch(/1 boxes around crowds.*1 pictures without an annotation/);
});

test("an occluded object is one in VOC and in COCO, is told as lost in YOLO, and leaves other sets' hashes alone", async () => {
  const xmlOf = (flags: string) => xml([[3, 7, 41, 99]], flags);
  const plain = await readDataSet(treeOf({ 'JPEGImages/a.bmp': SIZES[0], 'Annotations/a.xml': xmlOf('') }));
  const no = '<occluded>0</occluded>';
  const marked = await readDataSet(
    treeOf({ 'JPEGImages/a.bmp': SIZES[0], 'Annotations/a.xml': xmlOf('<occluded>1</occluded>') }),
  );
  const unmarked = await readDataSet(treeOf({ 'JPEGImages/a.bmp': SIZES[0], 'Annotations/a.xml': xmlOf(no) }));
  expect(marked.samples[0]?.objects[0]?.occluded).toBe(true);
  expect(unmarked.hash).toBe(plain.hash);
  expect(marked.hash).not.toBe(plain.hash);
  for (const again of [await reread(await exportVocTar(marked)), await reread(await exportCocoTar(marked))]) {
    expect(again.hash).toBe(marked.hash);
    expect(again.samples[0]?.objects).toEqual(marked.samples[0]?.objects);
  }
  expect(lostInYolo(marked)).toEqual(['That 1 objects are occluded.']);
  expect((await reread(await exportYoloTar(marked))).hash).toBe(plain.hash);
});
