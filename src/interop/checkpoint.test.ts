import { describe, expect, test } from 'vitest';
import { refusalOf } from '../base/test-refusal.ts';
import { parameterSpecs } from '../detr/parameter-specs.ts';
import { tinyCheckpoint } from '../train/test-run.ts';
import { readModelWeights, writeModelWeights } from './checkpoint.ts';
import { NAME_FORMS, type NameForm } from './key-map.ts';
import { readSafetensors, type SafetensorsInput, writeSafetensors } from './safetensors.ts';

const { config, weights } = tinyCheckpoint();
const MATRIX = 'class_labels_classifier.weight'; // [3, 16]
const CONV = 'model.input_projection.weight'; // [16, 32, 1, 1]

const written = (form: NameForm = 'native') => writeModelWeights(config, { ...weights, form }, new Map());

/** The tiny model's file with some tensors replaced, or left out where null. */
function edited(changes: Readonly<Record<string, SafetensorsInput | null>>): Uint8Array {
  const tensors = new Map<string, SafetensorsInput>(readSafetensors(written()).tensors);
  for (const [name, tensor] of Object.entries(changes)) {
    if (tensor) tensors.set(name, tensor);
    else tensors.delete(name);
  }
  return writeSafetensors(tensors);
}

const read = (bytes: Uint8Array) => readModelWeights(bytes, config, 'w.safetensors');
const float32 = (...shape: number[]): SafetensorsInput => ({
  dtype: 'F32',
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});

test.each(NAME_FORMS)('weights written in the %s form are read again to the bit, in that form', (form) => {
  const again = readModelWeights(written(form), config, 'w.safetensors');
  expect(again.form).toBe(form);
  expect([...again.values.keys()]).toEqual(parameterSpecs(config).map(({ name }) => name));
  for (const [name, data] of weights.values) expect(again.values.get(name), name).toEqual(data);
});

test('the file says that it is made for PyTorch, and carries what it is given besides', () => {
  const bytes = writeModelWeights(config, weights, new Map([['mine', 'text "with" \n all sorts']]));
  expect([...readSafetensors(bytes).metadata]).toEqual([
    ['format', 'pt'],
    ['mine', 'text "with" \n all sorts'],
  ]);
});

describe('refused, by the name of the tensor', () => {
  test.each<[string, Parameters<typeof edited>[0], RegExp]>([
    [MATRIX, { [MATRIX]: null }, /is missing/],
    ['model.extra.weight', { 'model.extra.weight': float32(2) }, /no part of the model/],
    [MATRIX, { [MATRIX]: float32(4, 16) }, /\[4, 16\].*\[3, 16\]/],
    [MATRIX, { [MATRIX]: float32(16, 3) }, /\[16, 3\].*\[3, 16\]/],
    [CONV, { [CONV]: float32(16, 32) }, /\[16, 32\].*\[16, 32, 1, 1\]/],
    [MATRIX, { [MATRIX]: { dtype: 'F64', shape: [3, 16], data: new Float64Array(48) } }, /F64.*F32, F16 or BF16/],
    [MATRIX, { [MATRIX]: { dtype: 'I8', shape: [3, 16], data: new Int8Array(48) } }, /I8/],
    [
      CONV,
      { [CONV]: { ...float32(16, 32, 1, 1), data: new Float32Array(512).fill(Number.NaN, 77, 78) } },
      /NaN at position 77/,
    ],
    [CONV, { [CONV]: { ...float32(16, 32, 1, 1), data: new Float32Array(512).fill(-Infinity, 511) } }, /-Infinity/],
    [MATRIX, { [MATRIX]: { dtype: 'F16', shape: [3, 16], data: new Uint16Array(48).fill(0x7c00) } }, /Infinity/],
  ])('%s', (name, changes, found) => {
    const error = refusalOf(() => read(edited(changes)));
    expect(error).toMatchObject({ code: 'bad-weights', details: { tensor: name, file: 'w.safetensors' } });
    expect(error.message).toContain(`w.safetensors: the tensor "${name}"`);
    expect(error.message).toMatch(found);
    expect(error.message).not.toContain('\n');
  });

  test("a backbone's tensor, in the file's own spelling", () => {
    const name = 'model.backbone.conv_encoder.model.encoder.stages.3.layers.0.layer.1.convolution.weight';
    expect(refusalOf(() => read(edited({ [name]: null }))).message).toContain(name);
  });

  test('a model of other classes', () => {
    const other = { ...config, labels: ['a', 'b', 'c'] };
    const error = refusalOf(() => readModelWeights(written(), other, 'w.safetensors'));
    expect(error.details.tensor).toBe(MATRIX);
  });
});

test('what is no safetensors file is refused with its name', () => {
  const noise = Uint8Array.from({ length: 5000 }, (_, i) => (i * 73 + 41) % 256);
  for (const bytes of [noise, new Uint8Array(), written().subarray(0, 5000)]) {
    const error = refusalOf(() => read(bytes));
    expect(error.code).toBe('bad-weights');
    expect(error.message).toMatch(/^w\.safetensors: /);
    expect(error.message).not.toContain('\n');
  }
});

test('counts of batches are passed over', () => {
  const count: SafetensorsInput = { dtype: 'I64', shape: [], data: BigInt64Array.of(7n) };
  const { values } = read(edited({ 'model.backbone.conv_encoder.model.bn1.num_batches_tracked': count }));
  expect([...values.keys()]).toEqual([...weights.values.keys()]);
});

test('halves of both kinds are read as the numbers that they stand for', () => {
  // 1 + i / 1024 in ten bits of fraction; 1 + i / 128 in seven.
  const half = { dtype: 'F16', shape: [3, 16], data: Uint16Array.from({ length: 48 }, (_, i) => 0x3c00 + i) } as const;
  const brain = {
    dtype: 'BF16',
    shape: [16, 32, 1, 1],
    data: new Uint16Array(512).map((_, i) => 0x3f80 + (i % 128)),
  } as const;
  const { values } = read(edited({ [MATRIX]: half, [CONV]: brain }));
  expect(values.get(MATRIX)).toEqual(Float32Array.from({ length: 48 }, (_, i) => 1 + i / 1024));
  // [out, in, 1, 1] to [1, 1, in, out].
  const at = (i: number, o: number) => values.get(CONV)?.[i * 16 + o];
  expect([at(0, 0), at(5, 0), at(31, 1), at(3, 15)]).toEqual([1, 1 + 5 / 128, 1 + 63 / 128, 1 + (483 % 128) / 128]);
});
