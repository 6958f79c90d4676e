import { expect, test } from 'vitest';
import { readDataSet } from './read-data-set.ts';
import { treeOf } from './test-trees.ts';

const SIZE = [100, 50] as const;

test("Roboflow's export: data.yaml with paths that lead out of the folder", async () => {
  const set = await readDataSet(
    treeOf({
      'data.yaml':
        "train: ../train/images\nval: ../valid/images\ntest: ../test/images\n\nnc: 2\nnames: ['cat', 'dog']\n\nroboflow:\n  workspace: x\n",
      'README.dataset.txt': 'provided by',
      'train/images/a.bmp': SIZE,
      'train/labels/a.txt': '1 0.5 0.5 0.2 0.4\n0 0.1 0.1 0.2 0.2\n',
      'valid/images/b.bmp': SIZE,
      'valid/labels/b.txt': '',
      'test/images/c.bmp': SIZE,
    }),
  );
  expect(set.classes).toEqual(['cat', 'dog']);
  expect(set.splits).toEqual({ train: ['a'], val: ['b'], test: ['c'] });
  expect(set.samples.find(({ id }) => id === 'a')?.objects).toEqual([
    { className: 'dog', boxXyxyPx: [40, 15, 60, 35], difficult: false, truncated: false },
    { className: 'cat', boxXyxyPx: [0, 0, 20, 10], difficult: false, truncated: false },
  ]);
  expect(set.problems.map(({ reason }) => reason)).toEqual([
    '1 pictures have no label file: as the format has it, there is nothing in them.',
  ]);
});

test("CVAT's Ultralytics export: names by id, lists of pictures", async () => {
  const set = await readDataSet(
    treeOf({
      'data.yaml': 'names:\n  0: cat\n  2: dog\npath: ./\ntrain: train.txt\nval: val.txt\n',
      'train.txt': 'data/images/train/a.bmp\n',
      'val.txt': 'images/val/a.bmp\n',
      'images/train/a.bmp': SIZE,
      'labels/train/a.txt': '2 0.5 0.5 0.2 0.4\n',
      'images/val/a.bmp': SIZE,
      'labels/val/a.txt': '1 0.5 0.5 0.2 0.4\n0 .5 .5 .1 .1',
    }),
  );
  // Two pictures of one stem: their paths tell them apart.
  expect(set.splits).toEqual({ train: ['images/train/a'], val: ['images/val/a'] });
  expect(set.classes).toEqual(['cat', 'dog']);
  expect(set.problems).toEqual([
    {
      file: 'labels/val/a.txt',
      severity: 'warning',
      reason: 'One box is of a class that has no name (1); left out.',
    },
  ]);
});

test("CVAT's YOLO 1.1 export: obj.data, obj.names, text beside the pictures", async () => {
  const set = await readDataSet(
    treeOf({
      'obj.data': 'classes = 1\ntrain = data/train.txt\nnames = data/obj.names\nbackup = backup/\n',
      'obj.names': 'cat\n',
      'train.txt': 'data/obj_train_data/a.bmp\n',
      'obj_train_data/a.bmp': SIZE,
      'obj_train_data/a.txt': '0 0.5 0.5 1 1\n',
    }),
  );
  expect(set.samples).toMatchObject([{ id: 'a', objects: [{ className: 'cat', boxXyxyPx: [0, 0, 100, 50] }] }]);
});

test('polygons become their bounding boxes and are counted; a pose keeps its box; a confidence is passed over', async () => {
  const files = (yaml: string, line: string) =>
    treeOf({ 'data.yaml': yaml, 'images/a.bmp': SIZE, 'labels/a.txt': `${line}\n` });
  const names = 'names: [cat]\n';
  const polygon = await readDataSet(files(names, '0 0.1 0.2 0.5 0.2 0.3 0.8'));
  expect(polygon.samples[0]?.objects[0]?.boxXyxyPx).toEqual([10, 10, 50, 40]);
  expect(polygon.problems.map(({ reason }) => reason)).toContain(
    '1 lines are polygons; of each the bounding box was taken.',
  );
  const pose = await readDataSet(files(`${names}kpt_shape: [1, 2]\n`, '0 0.5 0.5 0.2 0.4 0.1 0.1'));
  const scored = await readDataSet(files(names, '0 0.5 0.5 0.2 0.4 0.9'));
  for (const set of [pose, scored]) expect(set.samples[0]?.objects[0]?.boxXyxyPx).toEqual([40, 15, 60, 35]);
});

test('lines that cannot be used are told with file and line', async () => {
  const lines = ['0 0.5 0.5 0.2 0.4', 'cat 1 1 1 1', '0 50 50 20 40', '0 0.5 0.5', '0 0.5 0.5 0 0.1', '-1 .5 .5 .1 .1'];
  const set = await readDataSet(
    treeOf({ 'data.yml': 'names: [cat]', 'images/a.bmp': SIZE, 'labels/a.txt': lines.join('\r\n') }),
  );
  expect(set.samples[0]?.objects).toHaveLength(1);
  const reason = 'Line 2 has "cat" in place of a number, and 4 more lines cannot be used either; left out.';
  expect(set.problems).toContainEqual({ file: 'labels/a.txt', severity: 'warning', reason });
});

test.each([
  ['names: [cat\nval: x', /data\.yaml, line [12]: it is no YAML/],
  ['a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nnames: "x', /data\.yaml, line 4: it is no YAML/],
])('a YAML that cannot be read names file and line', async (text, message) => {
  const reading = readDataSet(treeOf({ 'data.yaml': text, 'images/a.bmp': SIZE, 'labels/a.txt': '0 .5 .5 .1 .1' }));
  await expect(reading).rejects.toThrow(message);
});

test('labels without names, and pictures alone, are told what is missing', async () => {
  await expect(readDataSet(treeOf({ 'images/a.bmp': SIZE, 'labels/a.txt': '0 .5 .5 .1 .1' }))).rejects.toThrow(
    /nothing names its classes/,
  );
  await expect(readDataSet(treeOf({ 'a.bmp': SIZE }))).rejects.toThrow(
    /no data set that is read: there are 1 pictures/,
  );
});

test("Roboflow's VOC export: XML beside the pictures", async () => {
  const xml =
    '<annotation><object><name>cat</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>9</xmax><ymax>9</ymax></bndbox></object></annotation>';
  const set = await readDataSet(
    treeOf({ 'train/a.bmp': SIZE, 'train/a.xml': xml, 'valid/b.bmp': SIZE, 'valid/b.xml': '<annotation/>' }),
  );
  expect(set.splits).toEqual({ train: ['a'], val: ['b'] });
  expect(set.samples.map(({ imagePath }) => imagePath)).toEqual(['train/a.bmp', 'valid/b.bmp']);
});
