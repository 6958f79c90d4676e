import { describe, expect, test } from 'vitest';
import { refusalOf } from '../base/test-refusal.ts';
import { tinyCheckpoint } from '../train/test-run.ts';
import { readCheckpoint, readCheckpointFiles, writeCheckpoint } from './checkpoint-files.ts';
import { readSafetensors } from './safetensors.ts';
import { bundledFiles } from './test-bundled.ts';

const WEIGHTS = 'model.safetensors';
const bundled = bundledFiles();
const read = (files: ReadonlyMap<string, Uint8Array>) => readCheckpointFiles(files, 'folder');
const without = (files: ReadonlyMap<string, Uint8Array>, ...names: string[]) =>
  new Map([...files].filter(([name]) => !names.includes(name)));
const bytesOf = (files: ReadonlyMap<string, Uint8Array>, name: string) => files.get(name) ?? new Uint8Array();
// Comparing a million numbers one by one takes the test runner seconds.
const view = (data: ArrayBufferView) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
const sameBytes = (a: ArrayBufferView | undefined, b: ArrayBufferView | undefined) =>
  a !== undefined && b !== undefined && Buffer.compare(view(a), view(b)) === 0;
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('the bundled checkpoint, read and written again', () => {
  const before = readSafetensors(bytesOf(bundled, WEIGHTS));
  const written = writeCheckpoint(read(bundled));
  const after = readSafetensors(bytesOf(written, WEIGHTS));

  test('has the same tensors under the same names, byte for byte', () => {
    expect([...after.tensors.keys()].sort()).toEqual([...before.tensors.keys()].sort());
    for (const [name, { dtype, shape, data }] of before.tensors) {
      const again = after.tensors.get(name);
      expect([again?.dtype, again?.shape], name).toEqual([dtype, shape]);
      expect(sameBytes(again?.data, data), name).toBe(true);
    }
    expect(after.metadata.get('format')).toBe('pt');
  });

  test('has the same config and the same preprocessor config', () => {
    for (const name of ['config.json', 'preprocessor_config.json']) {
      expect(JSON.parse(text(bytesOf(written, name))), name).toEqual(JSON.parse(text(bytesOf(bundled, name))));
    }
  });

  test('gives the same bytes when it is read and written once more', () => {
    for (const [name, bytes] of writeCheckpoint(read(written))) {
      expect(sameBytes(bytes, written.get(name)), name).toBe(true);
    }
  });

  test('is complete in its weights alone', () => {
    const alone = readCheckpoint({ weights: bytesOf(written, WEIGHTS) }, 'alone.safetensors');
    const whole = read(bundled);
    expect(alone.config).toEqual(whole.config);
    expect(alone.preprocessor).toEqual(whole.preprocessor);
    expect(alone.preprocessor.config).toMatchObject({ shortestEdge: 160, longestEdge: 266 });
    expect(alone.weights.form).toBe('native');
    expect(alone.weights.values.size).toBe(whole.weights.values.size);
    for (const [name, values] of whole.weights.values) {
      expect(sameBytes(alone.weights.values.get(name), values), name).toBe(true);
    }
  });

  test('takes the files beside the weights before what the weights say', () => {
    const config = text(bytesOf(written, 'config.json')).replace('"airplane"', '"plane"');
    const preprocessor = JSON.stringify({ size: { shortest_edge: 96, longest_edge: 150 } });
    const mixed = readCheckpoint({ weights: bytesOf(written, WEIGHTS), config, preprocessor }, 'mixed');
    expect(mixed.config.labels[0]).toBe('plane');
    expect(mixed.preprocessor.config.shortestEdge).toBe(96);
  });
});

test('a checkpoint in the timm form stays in it', () => {
  const checkpoint = tinyCheckpoint();
  const again = read(writeCheckpoint({ ...checkpoint, weights: { ...checkpoint.weights, form: 'timm' } }));
  expect(again.weights.form).toBe('timm');
  expect(again.weights.values).toEqual(checkpoint.weights.values);
});

test('classes of any name come back', () => {
  const { config: old, ...rest } = tinyCheckpoint();
  const labels = ['__proto__', 'Katze "Mü" 猫'];
  const config = { ...old, labels, raw: { ...old.raw, id2label: { 0: labels[0], 1: labels[1] } } };
  const alone = readCheckpoint({ weights: bytesOf(writeCheckpoint({ ...rest, config }), WEIGHTS) }, 'w');
  expect(alone.config.labels).toEqual(labels);
});

test('without a preprocessor config it is the original DETR’s', () => {
  const { preprocessor } = read(without(bundled, 'preprocessor_config.json'));
  expect(preprocessor.config).toEqual({
    shortestEdge: 800,
    longestEdge: 1333,
    imageMean: [0.485, 0.456, 0.406],
    imageStd: [0.229, 0.224, 0.225],
  });
  expect(preprocessor.fields).toMatchObject({ image_processor_type: 'DetrImageProcessor', format: 'coco_detection' });
});

describe('refused', () => {
  test('weights without a config say where to put one', () => {
    const error = refusalOf(() => read(without(bundled, 'config.json')));
    expect(error.code).toBe('bad-config');
    expect(error.message).toMatch(/no config\.json beside it.*[Pp]ut/);
  });

  test('a folder without weights', () => {
    const error = refusalOf(() => read(without(bundled, WEIGHTS)));
    expect(error.code).toBe('not-found');
    expect(error.message).toMatch(/folder.*model\.safetensors/);
  });

  test('a config that is there but empty is not passed over for the one in the weights', () => {
    const written: Map<string, Uint8Array> = writeCheckpoint(read(bundled));
    for (const name of ['config.json', 'preprocessor_config.json']) {
      const error = refusalOf(() => read(new Map([...written, [name, new Uint8Array()]])));
      expect(error.code).toBe('bad-config');
      expect(error.message).toMatch(new RegExp(`^${name} is not JSON`));
    }
  });

  test.each(['config.json', 'preprocessor_config.json'])('noise instead of %s', (name) => {
    const error = refusalOf(() => read(new Map([...bundled, [name, Uint8Array.of(0, 255, 7)]])));
    expect(error.code).toBe('bad-config');
    expect(error.message).toContain(name);
  });

  test('noise instead of weights', () => {
    const error = refusalOf(() => read(new Map([...bundled, [WEIGHTS, new Uint8Array(999).fill(201)]])));
    expect(error.code).toBe('bad-weights');
    expect(error.message).toContain(WEIGHTS);
  });
});
