import { expect, test } from 'vitest';
import { readDataSet } from './read-data-set.ts';
import { treeOf } from './test-trees.ts';
import { labelsOf } from './transforms.ts';

const SIZE = [100, 50] as const;

interface Parts {
  readonly images?: readonly object[];
  readonly annotations?: readonly object[];
  readonly categories?: readonly object[];
}

function coco({ images, annotations, categories }: Parts = {}): string {
  return JSON.stringify({
    images: images ?? [{ id: 7, file_name: 'a.bmp', width: 100, height: 50 }],
    annotations: annotations ?? [{ id: 1, image_id: 7, category_id: 3, bbox: [10.5, 5, 20, 30], iscrowd: 0 }],
    categories: categories ?? [{ id: 3, name: 'cat' }],
  });
}

test('as it is published: instances by split beside folders of pictures; files for other tasks are passed over', async () => {
  const set = await readDataSet(
    treeOf({
      'annotations/instances_train2017.json': coco(),
      'annotations/instances_val2017.json': coco({ images: [{ id: 7, file_name: 'b.bmp', width: 100, height: 50 }] }),
      'annotations/person_keypoints_train2017.json': coco(),
      'annotations/captions_train2017.json': '{"images": [], "annotations": []}',
      'train2017/a.bmp': SIZE,
      'val2017/b.bmp': SIZE,
      'val2017/unnamed.bmp': SIZE,
    }),
  );
  expect(set.splits).toEqual({ train: ['a'], val: ['b'] });
  expect(set.classes).toEqual(['cat']);
  expect(set.samples.map(({ imagePath }) => imagePath)).toEqual(['train2017/a.bmp', 'val2017/b.bmp']);
  const object = { className: 'cat', boxXyxyPx: [10.5, 5, 30.5, 35], difficult: false, truncated: false };
  expect(set.samples[0]?.objects).toEqual([object]);
  expect(set.problems.map(({ file }) => file)).toEqual(['annotations/person_keypoints_train2017.json']);
});

test("Roboflow's export: a file in each split's folder, with a category that groups the others", async () => {
  const categories = [
    { id: 0, name: 'animals', supercategory: 'none' },
    { id: 3, name: 'cat', supercategory: 'animals' },
  ];
  const images = (name: string) => [{ id: 7, license: 1, file_name: name, width: 100, height: 50, date_captured: '' }];
  const set = await readDataSet(
    treeOf({
      'README.roboflow.txt': 'exported',
      'train/_annotations.coco.json': coco({ categories, images: images('a_jpg.rf.1f.bmp') }),
      'train/a_jpg.rf.1f.bmp': SIZE,
      'valid/_annotations.coco.json': coco({ categories, images: images('a_jpg.rf.2e.bmp') }),
      'valid/a_jpg.rf.2e.bmp': SIZE,
    }),
  );
  expect(set.classes).toEqual(['cat']);
  expect(set.splits).toEqual({ train: ['a_jpg.rf.1f'], val: ['a_jpg.rf.2e'] });
});

test("CVAT's export: one file of the default subset, names with folders, difficulty as an attribute", async () => {
  const set = await readDataSet(
    treeOf({
      'annotations/instances_default.json': coco({
        images: [{ id: 7, file_name: 'sub/a.bmp', width: 100, height: 50 }],
        annotations: [
          { id: 1, image_id: 7, category_id: 3, bbox: [1, 2, 3, 4], attributes: { occluded: true, difficult: true } },
        ],
      }),
      'images/default/sub/a.bmp': SIZE,
      'images/default/other/a.bmp': SIZE,
    }),
  );
  expect(set.samples).toHaveLength(1);
  expect(set.samples[0]).toMatchObject({
    imagePath: 'images/default/sub/a.bmp',
    objects: [{ difficult: true, occluded: true }],
  });
});

test('a crowd is kept, tells the hash apart, and is not trained on; segmentations are counted', async () => {
  const read = (iscrowd: number) =>
    readDataSet(
      treeOf({
        'x.json': coco({
          annotations: [
            { image_id: 7, category_id: 3, bbox: [0, 0, 10, 10], segmentation: [[0, 0, 1, 1, 0, 1]] },
            { image_id: 7, category_id: 3, bbox: [5, 5, 10, 10], iscrowd, segmentation: { counts: [1], size: [1, 1] } },
          ],
        }),
        'a.bmp': SIZE,
      }),
    );
  const [crowded, plain] = [await read(1), await read(0)];
  expect(crowded.samples[0]?.objects.map(({ crowd }) => crowd)).toEqual([undefined, true]);
  expect(crowded.hash).not.toBe(plain.hash);
  const { classIds } = labelsOf(crowded.samples[0]?.objects ?? [], { h: 50, w: 100 }, new Map([['cat', 0]]));
  expect(classIds).toHaveLength(1);
  expect(crowded.problems.map(({ reason }) => reason)).toContainEqual(
    expect.stringMatching(/^2 annotations have a segm/),
  );
});

test('what cannot be used is left out, each kind told once with its first place', async () => {
  const good = { image_id: 7, category_id: 3, bbox: [0, 0, 10, 10] };
  const set = await readDataSet(
    treeOf({
      'x.json': coco({
        images: [{ id: 7, file_name: 'a.bmp' }, { id: 8, file_name: 'gone.bmp' }, { id: 7, file_name: 'b.bmp' }, {}],
        annotations: [
          good,
          { ...good, image_id: 99 },
          { ...good, category_id: 99 },
          { ...good, bbox: [0, 0, 0, 10] },
          { ...good, bbox: [0, 0, null, 10] },
          { ...good, bbox: [200, 200, 10, 10] },
          { ...good, bbox: '0 0 10 10' },
        ],
      }),
      'a.bmp': SIZE,
    }),
  );
  expect(set.samples[0]?.objects).toHaveLength(1);
  expect(set.problems.map(({ reason }) => reason)).toEqual(
    expect.arrayContaining([
      "An image (images[2]) has another's id; left out.",
      'An annotation (annotations[1]) is of an image that is not listed; left out.',
      'An annotation (annotations[2]) is of a category that is not listed; left out.',
      'An annotation (annotations[3]) has a box without width or height; left out.',
      'An annotation (annotations[4]) has no usable image_id, category_id or bbox, and so do 1 more; left out.',
      'The file names "gone.bmp", which the data set does not have; left out.',
      'One box lies outside the picture; left out.',
    ]),
  );
});

test.each([
  ['{\n  "images": [],\n  "annotations": [}\n', 3, 'found "}"'],
  ['{\n  "images": [],\n', 3, 'it ends too early'],
  ['{\n  "images": [1 2]}', 2, 'found "2]}"'],
  ['{\n\n  images: []}', 3, 'found "images: []}"'],
  ['{"a": [true, nul]}\n', 1, 'found "nul]}"'],
  ['', 1, 'it ends too early'],
  ['{"a": "\n"}', 1, 'found ""'],
  ['{"a": 1}\n{"a": 2}', 2, 'found "{"a": 2}"'],
])('a JSON that cannot be read names file and line: %j', async (text, line, found) => {
  const reading = readDataSet(treeOf({ 'deep/x.json': text, 'a.bmp': SIZE }));
  await expect(reading).rejects.toThrow(`deep/x.json, line ${line}: it is no JSON (${found}`);
});
