import { createHash } from 'node:crypto';
import { downloadZip } from 'client-zip';
import { expect, test } from 'vitest';
import { StudioError } from '../base/errors.ts';
import { tinyCheckpoint } from '../train/test-run.ts';
import { type Checkpoint, readCheckpointFiles, writeCheckpoint } from './checkpoint-files.ts';
import { readDroppedCheckpoint } from './dropped-checkpoint.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import { bundledFiles } from './test-bundled.ts';

const bundled = bundledFiles();
const whole = readCheckpointFiles(bundled, 'bundled');
const ours = writeCheckpoint(tinyCheckpoint());
const oursWeights = ours.get('model.safetensors') ?? new Uint8Array();

type Files = Readonly<Record<string, Uint8Array<ArrayBuffer> | string | undefined>>;

function given(files: Files) {
  return Object.entries(files).map(([path, content]) => ({ path, file: new Blob([content ?? '']) }));
}

async function zipOf(files: Files): Promise<Uint8Array<ArrayBuffer>> {
  const entries = Object.entries(files).map(([name, input]) => ({ name, input: input ?? '' }));
  return new Uint8Array(await downloadZip(entries).arrayBuffer());
}

/** A hash of every weight under its name. */
function bitsOf({ weights }: Checkpoint): string {
  const hash = createHash('sha256');
  for (const [name, data] of weights.values) hash.update(name).update(data);
  return hash.digest('hex');
}

async function refusal(name: string, files: Files): Promise<StudioError> {
  const thrown: unknown = await readDroppedCheckpoint(name, given(files)).catch((error: unknown) => error);
  if (!(thrown instanceof StudioError)) throw new Error(`not refused, but ${String(thrown)}`);
  expect(thrown.message).not.toContain('\n');
  return thrown;
}

/** The bundled checkpoint's files in a folder, written without a config in the weights. */
const folder = (prefix: string): Files =>
  Object.fromEntries([...bundled].map(([name, bytes]) => [`${prefix}${name}`, bytes]));

test.each([
  ['weights with both configs beside them', folder('')],
  ['a folder', folder('tiny-detr-emoji/')],
  [
    'a folder with what a system leaves there',
    { ...folder('a/b/'), '.DS_Store': 'x', '__MACOSX/a/._model.safetensors': 'x' },
  ],
])('%s are read as the checkpoint that they are', async (_, files) => {
  const read = await readDroppedCheckpoint('mine', given(files));
  expect(read.config.labels).toEqual(whole.config.labels);
  expect(read.preprocessor).toEqual(whole.preprocessor);
  expect(bitsOf(read)).toEqual(bitsOf(whole));
});

test.each(['', 'checkpoint/'])('a zip of the folder is read, its files below "%s"', async (prefix) => {
  const zip = await zipOf({ ...folder(prefix), [`${prefix}README.md`]: 'read me', '__MACOSX/._config.json': 'x' });
  const read = await readDroppedCheckpoint('mine.zip', given({ 'mine.zip': zip }));
  expect(bitsOf(read)).toEqual(bitsOf(whole));
  expect(read.preprocessor).toEqual(whole.preprocessor);
});

test('a single file made here has its config inside', async () => {
  const read = await readDroppedCheckpoint('run.safetensors', given({ 'run.safetensors': oursWeights }));
  expect(read.config.labels).toEqual(['disc', 'square']);
  expect(read.preprocessor.config.shortestEdge).toBe(64);
});

test('a folder whose weights lie in several files is read by its index, and asked for as a whole', async () => {
  const { tensors } = readSafetensors(bundled.get('model.safetensors') ?? new Uint8Array());
  const halves = [[...tensors].slice(0, 50), [...tensors].slice(50)];
  const shardOf = (half: number): string => `model-0000${half + 1}-of-00002.safetensors`;
  const weight_map = Object.fromEntries(halves.flatMap((half, i) => half.map(([name]) => [name, shardOf(i)])));
  const { 'a/model.safetensors': _, ...configs } = folder('a/');
  const index = { ...configs, 'a/model.safetensors.index.json': JSON.stringify({ weight_map }) };
  const first = { ...index, [`a/${shardOf(0)}`]: writeSafetensors(halves[0] ?? []) };
  const read = await readDroppedCheckpoint(
    'a',
    given({ ...first, [`a/${shardOf(1)}`]: writeSafetensors(halves[1] ?? []) }),
  );
  expect(bitsOf(read)).toEqual(bitsOf(whole));
  expect((await refusal('a', first)).message).toMatch(/names model-00002-of-00002\.safetensors, which was not given/);
  // The same tensor in both.
  const twice = { ...first, [`a/${shardOf(1)}`]: writeSafetensors(tensors) };
  expect((await refusal('a', twice)).message).toMatch(/stands in model-00001-of-00002\.safetensors and in model-00002/);
});

test('a config that was downloaded twice is still found', async () => {
  const files = {
    'model (1).safetensors': bundled.get('model.safetensors'),
    'config (1).json': bundled.get('config.json'),
  };
  expect((await readDroppedCheckpoint('mine', given(files))).config.labels).toEqual(whole.config.labels);
});

test('of the folder of a run the best checkpoint is taken', async () => {
  const best = writeCheckpoint(tinyCheckpoint(2)).get('model.safetensors');
  const files = {
    'run/run.json': '{}',
    'run/last/model.safetensors': oursWeights,
    'run/last/optimizer.safetensors': 'x',
    'run/best/model.safetensors': best,
  };
  const read = await readDroppedCheckpoint('run', given(files));
  expect(bitsOf(read)).toEqual(bitsOf(tinyCheckpoint(2)));
});

test.each<[string, Files, string, RegExp]>([
  [
    'notes.safetensors',
    { 'notes.safetensors': 'Dear diary, today I trained.' },
    'bad-weights',
    /^notes\.safetensors: /,
  ],
  ['notes.txt', { 'notes.txt': 'Dear diary' }, 'bad-weights', /"notes\.txt" holds no \.safetensors file/],
  ['config.json', { 'config.json': '{}' }, 'bad-weights', /is a config without its weights/],
  ['old', { 'old/pytorch_model.bin': 'x', 'old/config.json': '{}' }, 'bad-weights', /save them as \.safetensors/],
  ['m', { 'm/model.onnx': 'x' }, 'bad-weights', /ONNX/],
  ['cut', { 'cut.safetensors': oursWeights.slice(0, -7) }, 'bad-weights', /^cut\.safetensors: /],
  [
    'two',
    { 'a.safetensors': oursWeights, 'b.safetensors': oursWeights },
    'bad-weights',
    /2 files of weights.*"a\.safetensors"/,
  ],
  [
    'bare',
    { 'bare.safetensors': bundled.get('model.safetensors') },
    'bad-config',
    /no config\.json.*drop both together/i,
  ],
  ['bad', { 'model.safetensors': oursWeights, 'config.json': 'nonsense' }, 'bad-config', /config\.json/],
])('%s is refused with what it is and what to do', async (name, files, code, said) => {
  const error = await refusal(name, files);
  expect(error.code).toBe(code);
  expect(error.message).toMatch(said);
});

test('a head for other classes than the config names is refused by its rows', async () => {
  const config = JSON.parse(new TextDecoder().decode(ours.get('config.json'))) as Record<string, unknown>;
  config.id2label = { 0: 'a', 1: 'b', 2: 'c' };
  const error = await refusal('m', { 'm.safetensors': oursWeights, 'config.json': JSON.stringify(config) });
  expect(error.message).toMatch(/class_labels_classifier.*\[3, 16\].*3 classes.*4 rows/);
});

test('zips that hold no weights, are cut off, or come with other files are refused', async () => {
  const zip = await zipOf(folder('a/'));
  const pictures = await zipOf({ 'a.jpg': 'x', 'b.jpg': 'x' });
  expect((await refusal('pictures.zip', { 'pictures.zip': pictures })).message).toMatch(/holds no \.safetensors/);
  expect((await refusal('cut.zip', { 'cut.zip': zip.slice(0, 5000) })).code).toBe('bad-archive');
  expect((await refusal('both', { 'a.zip': zip, 'config.json': '{}' })).message).toMatch(/Drop it alone/);
});

test('a zip with a byte changed is refused', async () => {
  const zip = await zipOf({ 'model.safetensors': oursWeights });
  const changed = zip.slice();
  changed[5000] = (changed[5000] ?? 0) ^ 1;
  expect((await refusal('changed.zip', { 'changed.zip': changed })).message).toMatch(
    /is damaged at "model\.safetensors"/,
  );
});
