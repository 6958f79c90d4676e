import { gzipSync } from 'node:zlib';
import { downloadZip } from 'client-zip';
import { expect, test } from 'vitest';
import { listZip } from './list-zip.ts';
import { type GivenItem, sortDrop } from './sort-drop.ts';
import { bytes, oldTarHead } from './test-drop.ts';

const TAR = bytes(`${'\0'.repeat(257)}ustar`, 1024);
const JPEG = bytes('\xff\xd8\xff\xe0');
const WEIGHTS = bytes('\x40\x01\0\0\0\0\0\0{"a"');

const file = (name: string, content: Uint8Array<ArrayBuffer> | string = 'x'): GivenItem => ({
  kind: 'file',
  file: new File([content], name),
});
const folder = (
  name: string,
  paths: readonly string[],
  content: Uint8Array<ArrayBuffer> | string = 'x',
): GivenItem => ({
  kind: 'folder',
  name,
  files: paths.map((path) => ({ path: `${name}/${path}`, file: new Blob([content]) })),
});
async function zip(name: string, paths: readonly string[]): Promise<GivenItem> {
  return file(name, new Uint8Array(await downloadZip(paths.map((path) => ({ name: path, input: 'x' }))).arrayBuffer()));
}

/** Where everything went, by name. */
async function sorted(...items: (GivenItem | Promise<GivenItem>)[]) {
  const { dataSet, weights, pictures, refusals } = await sortDrop(await Promise.all(items), listZip);
  return {
    ...(dataSet === null ? {} : { data: [dataSet.name, ...dataSet.files.map(({ path }) => path)] }),
    ...(weights === null ? {} : { weights: [weights.name, ...weights.files.map(({ path }) => path)] }),
    ...(pictures.length === 0 ? {} : { pictures: pictures.map(({ name }) => name) }),
    ...(refusals.length === 0 ? {} : { refusals }),
  };
}

test('pictures go to be predicted, in the order in which they were given', async () => {
  expect(await sorted(file('b.jpg', JPEG), file('a.txt', JPEG))).toEqual({ pictures: ['b.jpg', 'a.txt'] });
});

test('archives and folders with annotations are data sets, several shards are one', async () => {
  expect(await sorted(file('bccd.tar', TAR))).toEqual({ data: ['bccd', 'bccd.tar'] });
  expect(await sorted(file('old.tar', oldTarHead()))).toEqual({ data: ['old', 'old.tar'] });
  expect(await sorted(file('bccd.tar.gz', new Uint8Array(gzipSync(TAR))))).toEqual({ data: ['bccd', 'bccd.tar.gz'] });
  expect(await sorted(file('voc-shard-00000.tar', TAR), file('voc-shard-00001.tar', TAR))).toMatchObject({
    data: ['voc', 'voc-shard-00000.tar', 'voc-shard-00001.tar'],
  });
  expect(await sorted(zip('bccd.zip', ['BCCD/JPEGImages/a.jpg', 'BCCD/Annotations/a.xml']))).toEqual({
    data: ['bccd', 'bccd.zip'],
  });
  expect(await sorted(folder('BCCD', ['Annotations/a.xml', 'JPEGImages/a.jpg']))).toEqual({
    data: ['BCCD', 'BCCD/Annotations/a.xml', 'BCCD/JPEGImages/a.jpg'],
  });
  expect(await sorted(folder('shards', ['a-00000.tar', 'a-00001.tar', 'index.json'], TAR))).toEqual({
    data: ['shards', 'shards/index.json', 'shards/a-00000.tar', 'shards/a-00001.tar'],
  });
});

test('the index of a set in shards goes with them, and is taken alone to be told which are missing', async () => {
  const index = '{\n"format": "detrain-shards",\n"version": 1';
  expect(await sorted(file('index.json', index), file('voc-00000.tar', TAR), file('voc-00001.tar', TAR))).toEqual({
    data: ['voc', 'index.json', 'voc-00000.tar', 'voc-00001.tar'],
  });
  expect(await sorted(file('index.json', index))).toEqual({ data: ['index', 'index.json'] });
});

test('folders and zips in the form of COCO or YOLO are data sets; a JSON beside nothing is none', async () => {
  for (const paths of [
    ['train/_annotations.coco.json', 'train/a.jpg'],
    ['data.yaml', 'train/images/a.jpg', 'train/labels/a.txt'],
    ['obj.names', 'obj_train_data/a.jpg', 'obj_train_data/a.txt'],
  ]) {
    expect(await sorted(folder('set', paths))).toMatchObject({ data: ['set', ...paths.map((path) => `set/${path}`)] });
    expect(await sorted(zip('set.zip', paths))).toMatchObject({ data: ['set', 'set.zip'] });
  }
  expect(await sorted(folder('set', ['a.json', 'b.txt']))).not.toHaveProperty('data');
});

test('weights come as a file, with their configs, as a folder or as a zip', async () => {
  expect(await sorted(file('mine.safetensors', WEIGHTS))).toEqual({ weights: ['mine', 'mine.safetensors'] });
  expect(await sorted(file('config.json', '{}'), file('model.safetensors', WEIGHTS))).toEqual({
    weights: ['model', 'model.safetensors', 'config.json'],
  });
  expect(await sorted(folder('detr', ['config.json', 'model.safetensors']))).toEqual({
    weights: ['detr', 'detr/config.json', 'detr/model.safetensors'],
  });
  expect(await sorted(zip('detr.zip', ['detr/config.json', 'detr/model.safetensors']))).toEqual({
    weights: ['detr', 'detr.zip'],
  });
});

test('a folder of pictures is a set without labels; what else lies in it is left out', async () => {
  const { unlabelled, refusals } = await sortDrop(
    [folder('holiday', ['a.jpg', 'sub/b.PNG', 'notes.txt', '.thumbs/a.jpg', 'clip.mp4'])],
    listZip,
  );
  expect(unlabelled?.name).toBe('holiday');
  expect(unlabelled?.files.map(({ path }) => path)).toEqual(['holiday/a.jpg', 'holiday/sub/b.PNG']);
  expect(refusals).toEqual([]);
  expect((await sortDrop([file('a.jpg', bytes('\0\0\0\x18ftypisom'))], listZip)).videos).toHaveLength(1);
});

test('a mixture goes each to its own place', async () => {
  const all = [file('a.tar', TAR), file('photo.jpg', JPEG), file('m.safetensors', WEIGHTS), file('notes.txt')];
  expect(await sorted(...all)).toMatchObject({
    data: ['a', 'a.tar'],
    pictures: ['photo.jpg'],
    weights: ['m', 'm.safetensors'],
    refusals: [expect.stringContaining('"notes.txt"')],
  });
});

test.each<[string, GivenItem | Promise<GivenItem>, RegExp]>([
  [
    'a zip of pictures',
    zip('p.zip', ['a.jpg']),
    /"p\.zip" holds 1 picture and no annotations.*VOC XML.*unpack it and drop the folder/,
  ],
  ['an empty folder', folder('none', ['.DS_Store']), /"none" is empty/],
  ['a folder of something else', folder('src', ['main.c']), /neither annotations nor weights nor pictures/],
  ['a folder of PyTorch weights', folder('m', ['config.json', 'pytorch_model.bin']), /save them as \.safetensors/],
  ['a folder that names archives', folder('f', ['a.tar'], 'nonsense'), /"f" holds other archives/],
  ['a config without weights', file('config.json', '{}'), /drop it together with its \.safetensors/],
  ['gzip of something else', file('log.gz', new Uint8Array(gzipSync('hello'.repeat(999)))), /there is no tar in it/],
  ['a damaged gzip', file('a.tar.gz', bytes('\x1f\x8b\x08 nonsense')), /there is no tar in it/],
  ['a cut zip', file('cut.zip', bytes('PK\x03\x04 nonsense')), /cut off or damaged/],
])('%s is told what it is and what to do', async (_, item, said) => {
  const found = await sorted(item);
  expect(found).toEqual({ refusals: [expect.stringMatching(said)] });
});

test('a data set with weights lying in it is a data set, and the index beside shards is no stray config', async () => {
  const paths = ['set/Annotations/a.xml', 'set/JPEGImages/a.jpg', 'runs/model.safetensors'];
  expect(await sorted(zip('all.zip', paths))).toEqual({ data: ['all', 'all.zip'] });
  expect(await sorted(file('index.json', '{}'), file('shard-00000.tar', TAR))).toEqual({
    data: ['shard-00000', 'shard-00000.tar'],
  });
});

test('a whole picture beside litter is not litter', async () => {
  const set = folder('set', ['__MACOSX/._a.xml', '.git/a.safetensors', 'a.jpg']);
  expect((await sortDrop([set], listZip)).unlabelled?.files.map(({ path }) => path)).toEqual(['set/a.jpg']);
});

test('an exported ONNX model goes to be predicted with, with its configs, as a folder and as a zip too', async () => {
  const model = bytes('\x08\x08\x12\x07Detrain');
  expect(await sorted(file('model.onnx', model), file('config.json', '{}'))).toEqual({
    weights: ['model', 'model.onnx', 'config.json'],
  });
  expect(await sorted(folder('cells', ['onnx/model.onnx', 'config.json']))).toMatchObject({
    weights: ['cells', 'cells/onnx/model.onnx', 'cells/config.json'],
  });
  expect(await sorted(zip('cells.zip', ['cells/onnx/model.onnx', 'cells/config.json']))).toEqual({
    weights: ['cells', 'cells.zip'],
  });
});
