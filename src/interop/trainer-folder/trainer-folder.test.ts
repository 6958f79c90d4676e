import { expect, test } from 'vitest';
import { describeWithFixture } from '../../base/test-fixtures.ts';
import { readArchiveTree } from '../../data/archive-tree.ts';
import type { DataSet, FileTree, Sample } from '../../data/types.ts';
import { readVocDataSet } from '../../data/voc-data-set.ts';
import { rebuildClassHead } from '../../detr/class-head.ts';
import { openFileTree } from '../../platform/node/file-tree.ts';
import { type Checkpoint, readCheckpointFiles } from '../checkpoint-files.ts';
import { bundledFiles } from '../test-bundled.ts';
import { checkTrainerFolder } from './check-trainer-folder.ts';
import type { TrainerContents } from './readme.ts';
import type { TrainerSettings } from './trainer-settings.ts';
import { writeTrainerFolder } from './write-trainer-folder.ts';

const SAMPLE = new URL('../../../public/sample/emoji-scenes.tar', import.meta.url).pathname;
const bundled = readCheckpointFiles(bundledFiles(), 'bundled');

const SETTINGS: TrainerSettings = {
  ...{ steps: 400, batch: 4, accumulate: 2, size: 160, lr: 2e-4, lrBackbone: 2e-5, weightDecay: 1e-4, clip: 0.1 },
  ...{ dropout: 0.25, schedule: 'step', warmupSteps: 20, lrDrop: 300, headSteps: 0, seed: 7 },
  ...{ freezeBackbone: false, freezeEncoder: false },
};

function startFor(dataSet: DataSet): Checkpoint {
  const { config, values } = rebuildClassHead(bundled.config, bundled.weights.values, dataSet.classes, 0);
  return { ...bundled, config, weights: { ...bundled.weights, values } };
}

interface Written {
  readonly contents: TrainerContents;
  readonly files: Map<string, Uint8Array>;
}

async function written(dataSet: DataSet, settings = SETTINGS): Promise<Written> {
  const files = new Map<string, Uint8Array>();
  const contents = await writeTrainerFolder({
    ...{ checkpoint: startFor(dataSet), weightsName: 'tiny', dataSet, settings },
    write: async (path, bytes) => void files.set(path, bytes),
  });
  return { contents, files };
}

function treeOf(files: ReadonlyMap<string, Uint8Array>): FileTree {
  const entries = [...files].map(([path, bytes]) => {
    return [path, { byteLength: bytes.byteLength, read: async () => bytes }] as const;
  });
  return { name: 'folder', files: new Map(entries), problems: [] };
}

const textOf = (files: ReadonlyMap<string, Uint8Array>, path: string) => new TextDecoder().decode(files.get(path));
const linesOf = (files: ReadonlyMap<string, Uint8Array>, split: string) =>
  textOf(files, `dataset/${split}/metadata.jsonl`)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const emoji = await readVocDataSet(await openFileTree(SAMPLE, readArchiveTree));
const { contents, files } = await written(emoji);

test('the sample set keeps every rule, its split and its pictures', async () => {
  expect(await checkTrainerFolder(treeOf(files))).toEqual([]);
  expect(contents).toMatchObject({ testIsValidation: true, outsideLeftOut: 0 });
  expect(JSON.parse(textOf(files, 'dataset/labels.json'))).toEqual(emoji.classes);
  const train = linesOf(files, 'train');
  expect(train.map(({ file_name }) => file_name)).toEqual(emoji.splits.train?.map((id) => `${id}.jpg`));
  expect(linesOf(files, 'validation')).toEqual(linesOf(files, 'test'));
  const [first] = train;
  const [id = ''] = emoji.splits.train ?? [];
  const sample = emoji.samples.find((each) => each.id === id);
  const [x0, y0, x1, y1] = sample?.objects[0]?.boxXyxyPx ?? [0, 0, 0, 0];
  expect(first.objects.bbox[0]).toEqual([x0, y0, x1 - x0, y1 - y0]);
  expect(emoji.classes[first.objects.category[0]]).toBe(sample?.objects[0]?.className);
  expect(files.get(`dataset/train/${id}.jpg`)).toEqual(await emoji.imageBytes(id));
});

test('difficult objects are trained on, and left out of what is measured', () => {
  const count = (split: string, wanted: (difficult: boolean) => boolean) => {
    const ids = new Set(emoji.splits[split]);
    const objects = emoji.samples.filter((sample) => ids.has(sample.id)).flatMap((sample) => sample.objects);
    return objects.filter(({ difficult }) => wanted(difficult)).length;
  };
  const objects = (split: string) => contents.splits.find(({ name }) => name === split)?.objects;
  expect(objects('train')).toBe(count('train', () => true));
  expect(objects('validation')).toBe(count('val', (difficult) => !difficult));
  expect(contents.difficultLeftOut).toBe(count('val', (difficult) => difficult));
  expect(contents.difficultLeftOut).toBeGreaterThan(0);
});

test('the model starts there as it would here', () => {
  const model = readCheckpointFiles(
    new Map([...files].flatMap(([path, bytes]) => (path.startsWith('model/') ? [[path.slice(6), bytes]] : []))),
    'model',
  );
  expect(model.config.labels).toEqual(emoji.classes);
  expect(model.config.raw).toMatchObject({ dropout: 0.25, auxiliary_loss: true });
  expect(model.weights).toEqual(startFor(emoji).weights);
  const readme = textOf(files, 'README.md');
  // 400 steps of 8 pictures over 320; 216 x 160 becomes 216 at a shortest edge of 160.
  for (const flag of ['--num_train_epochs 10 ', '--learning_rate 0.0002 ', '--max_grad_norm 0.1 ', '--seed 7']) {
    expect(readme).toContain(flag);
  }
  expect(readme).toMatch(/--image_square_size 2\d\d /);
  expect(textOf(files, 'train.py')).toContain('DROP_SHARE = 0.75');
});

test('what its Trainer saves comes back in, as it resized', async () => {
  const saved = new Map(
    [...files].flatMap(([path, bytes]) => (path.startsWith('model/') ? [[path.slice(6), bytes]] : [])),
  );
  const fields = JSON.parse(new TextDecoder().decode(saved.get('preprocessor_config.json')));
  const edge = { max_height: 220, max_width: 220 };
  const changed = {
    ...fields,
    image_processor_type: 'DetrImageProcessorFast',
    size: edge,
    pad_size: { height: 220, width: 220 },
  };
  saved.set('preprocessor_config.json', new TextEncoder().encode(JSON.stringify(changed)));
  expect(readCheckpointFiles(saved, 'out').preprocessor.config).toMatchObject({ shortestEdge: 220, longestEdge: 220 });
});

const replaced = (path: string, from: RegExp, to: string) => {
  const before = textOf(files, path);
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  return new Map([...files, [path, new TextEncoder().encode(after)]]);
};
const without = (path: string) => new Map([...files].filter(([each]) => each !== path));
const LINES = 'dataset/validation/metadata.jsonl';

test.each([
  ['no test split', () => without('dataset/test/metadata.jsonl'), /dataset\/test\/metadata\.jsonl is not there/],
  ['no weights', () => without('model/model.safetensors'), /model\/model\.safetensors is not there/],
  [
    'a box past the edge',
    () => replaced(LINES, /"bbox":\[\[\d+\.0/, '"bbox":[[9999.0'),
    /line 1: the box \[9999, .* is not inside/,
  ],
  [
    'a box without area',
    () => replaced(LINES, /("bbox":\[\[[^,]+,[^,]+),[^,]+/, '$1,0.0'),
    /line 1: the box .* has no area/,
  ],
  ['another area', () => replaced(LINES, /"area":\[[\d.]+/, '"area":[1.5'), /the area 1\.5 is not that of the box/],
  ['whole numbers', () => replaced(LINES, /"area":\[(\d+)\.0/, '"area":[$1'), /without a decimal point/],
  ['whole numbers in boxes', () => replaced(LINES, /"bbox":\[\[(\d+)\.0/, '"bbox":[[$1'), /without a decimal point/],
  [
    'a category past the labels',
    () => replaced(LINES, /"category":\[\d/, '"category":[6'),
    /the category 6 is none of 6/,
  ],
  ['a category too few', () => replaced(LINES, /"category":\[\d,?/, '"category":['), /not equally long/],
  ['a field too many', () => replaced(LINES, /"image_id"/, '"iscrowd":0,"image_id"'), /Unrecognized key/],
  ['another width', () => replaced(LINES, /"width":\d+/, '"width":5000'), /its line says 5000 x/],
  ['no JSON', () => replaced(LINES, /^\{/, '['), /line 1: it is not JSON/],
  ['a picture without a line', () => replaced(LINES, /^.*\n/, ''), /has no line in metadata\.jsonl/],
  ['a picture twice', () => replaced(LINES, /^(.*)\n(.*)\n/, '$1\n$1\n'), /stands in a line before/],
  [
    'other labels',
    () => replaced('dataset/labels.json', /"bus"/, '"coach"'),
    /has other classes than dataset\/labels\.json/,
  ],
  [
    'a backbone that is fetched',
    () => replaced('model/config.json', /"use_pretrained_backbone": false/, '"use_pretrained_backbone": true'),
    /"use_pretrained_backbone"/,
  ],
  ['no ClassLabel', () => replaced('train.py', /ClassLabel\(names/, 'Value(names'), /makes no ClassLabel/],
  ['no command', () => replaced('README.md', /accelerate launch/, 'python'), /no command with "accelerate launch"/],
] as const)('the check finds %s', async (_, change, problem) => {
  const problems = await checkTrainerFolder(treeOf(change()));
  expect(problems).toContainEqual(expect.stringMatching(problem));
  expect(problems.length).toBeLessThan(10);
});

/** A set of the sample's first pictures, with other names, boxes and splits. */
function small(change: (sample: Sample, at: number) => Sample, splits: DataSet['splits']): DataSet {
  const samples = emoji.samples.slice(0, 6).map(change);
  const original = new Map(samples.map(({ id }, at) => [id, emoji.samples[at]?.id ?? '']));
  return { ...emoji, samples, splits, imageBytes: (id) => emoji.imageBytes(original.get(id) ?? '') };
}

test('odd names, boxes past the edge and fractions come out in order; a test split is its own', async () => {
  const names = ['.hidden', '__init', 'VOC/a b', 'VOC_a_b', 'Ünïcode', '..'];
  const dataSet = small(
    (sample, at) => ({
      ...sample,
      id: names[at] ?? '',
      objects: [
        { className: 'cat', boxXyxyPx: [-5, 1 / 3, 20.123456789, 9999], difficult: false, truncated: false },
        { className: 'dog', boxXyxyPx: [9000, 0, 9999, 10], difficult: false, truncated: false },
      ],
    }),
    { train: names.slice(0, 4), val: ['Ünïcode'], test: ['..'] },
  );
  const made = await written(dataSet);
  expect(await checkTrainerFolder(treeOf(made.files))).toEqual([]);
  expect(made.contents).toMatchObject({ testIsValidation: false, outsideLeftOut: 6 });
  const train = linesOf(made.files, 'train');
  expect(train.map(({ file_name }) => file_name)).toEqual([
    'p.hidden.jpg',
    'p__init.jpg',
    'VOC_a_b.jpg',
    'VOC_a_b_2.jpg',
  ]);
  const { height, objects } = train[0];
  expect(objects.bbox).toEqual([[0, 21 / 64, 20.125, height - 21 / 64]]);
  expect(train.flatMap((line) => line.objects.id)).toEqual([1, 2, 3, 4]);
});

test('a split without a box is refused before anything could be trained on', async () => {
  const ids = emoji.samples.slice(0, 6).map(({ id }) => id);
  const dataSet = small((sample, at) => (at === 5 ? { ...sample, objects: [] } : sample), {
    train: ids.slice(0, 5),
    val: ids.slice(5),
  });
  await expect(written(dataSet)).rejects.toThrow(/split "validation" .* has no box.*Label some/);
});

describeWithFixture('voc/bccd/BCCD_trainval.tar', 'blood cells', (tar) => {
  test('keep every rule', async () => {
    const cells = await readVocDataSet(await openFileTree(tar, readArchiveTree));
    const made = await written(cells, { ...SETTINGS, size: 224, freezeBackbone: true, schedule: 'cosine' });
    expect(await checkTrainerFolder(treeOf(made.files))).toEqual([]);
    expect(made.contents.splits.map(({ pictures }) => pictures)).toEqual([120, 40, 40]);
    expect(textOf(made.files, 'train.py')).toContain('FROZEN = ("model.backbone.", "model.input_projection.",)');
  });
});
