import { describe, expect, test } from 'vitest';
import { readCheckpointFiles } from '../interop/checkpoint-files.ts';
import { bundledFiles } from '../interop/test-bundled.ts';
import { rebuildClassHead } from './class-head.ts';
import { parseDetrConfig } from './config.ts';
import type { ParameterValues } from './parameters.ts';

const WEIGHT = 'class_labels_classifier.weight';
const BIAS = 'class_labels_classifier.bias';
const SIX = ['aeroplane', 'bicycle', 'bus', 'car', 'cat', 'dog'];
const { config, weights } = readCheckpointFiles(bundledFiles(), 'bundled');
const width = config.dModel;

const floats = (values: ParameterValues, name: string) => values.get(name) ?? new Float32Array();
const row = (values: ParameterValues, at: number) => floats(values, WEIGHT).slice(at * width, (at + 1) * width);

describe("the bundled model's 36 classes to six others", () => {
  const head = rebuildClassHead(config, weights.values, SIX, 7);
  const oldRow = (label: string) => config.labels.indexOf(label);

  test('carries rows and biases of the classes that both have, and of "no object"', () => {
    expect(head.classes.carried).toBe(3);
    expect(floats(head.values, WEIGHT)).toHaveLength(7 * width);
    expect(floats(head.values, BIAS)).toHaveLength(7);
    for (const [from, to] of [
      [oldRow('airplane'), 0],
      [oldRow('car'), 3],
      [oldRow('cat'), 4],
      [36, 6],
    ] as const) {
      expect(row(head.values, to)).toEqual(row(weights.values, from));
      expect(floats(head.values, BIAS)[to]).toBe(floats(weights.values, BIAS)[from]);
    }
  });

  test('draws the new rows within the bound of the whole new matrix', () => {
    const bound = Math.sqrt(6 / (width + 7));
    const drawn = [1, 2, 5].flatMap((at) => [...row(head.values, at)]);
    expect(Math.max(...drawn.map(Math.abs))).toBeLessThanOrEqual(bound);
    // 288 uniform draws: far out on either side, and of mean 0 (4 deviations).
    expect(Math.max(...drawn)).toBeGreaterThan(0.9 * bound);
    expect(Math.min(...drawn)).toBeLessThan(-0.9 * bound);
    const mean = drawn.reduce((a, b) => a + b, 0) / drawn.length;
    expect(Math.abs(mean)).toBeLessThan((4 * bound) / Math.sqrt(3 * drawn.length));
    expect(row(head.values, 1)).not.toEqual(row(head.values, 2));
  });

  test("gives the new rows the mean of the old classes' biases, without that of no object", () => {
    const old = [...floats(weights.values, BIAS)].slice(0, 36);
    const mean = old.reduce((a, b) => a + b, 0) / 36;
    for (const at of [1, 2, 5]) expect(floats(head.values, BIAS)[at]).toBeCloseTo(mean, 6);
  });

  test('the config says the six, and nothing else of the model changes', () => {
    expect(head.config.labels).toEqual(SIX);
    expect(parseDetrConfig(JSON.stringify(head.config.raw)).labels).toEqual(SIX);
    for (const [name, values] of weights.values) {
      if (!name.startsWith('class_labels_classifier')) expect(head.values.get(name)).toBe(values);
    }
    expect(floats(weights.values, BIAS)).toHaveLength(37);
    expect(config.labels).toHaveLength(36);
  });

  test('the seed alone decides what is drawn', () => {
    const again = (seed: number) => row(rebuildClassHead(config, weights.values, SIX, seed).values, 1);
    expect(again(7)).toEqual(row(head.values, 1));
    expect(again(8)).not.toEqual(row(head.values, 1));
  });
});

test('the same classes in the same order leave the weights as they are', () => {
  const head = rebuildClassHead(config, weights.values, config.labels, 1);
  expect(head.values).toBe(weights.values);
  expect(head.classes.carried).toBe(36);
});

test("the same classes in VOC's spelling keep their rows under the new names", () => {
  const labels = config.labels.map((label) => (label === 'airplane' ? 'aeroplane' : label));
  const head = rebuildClassHead(config, weights.values, labels, 1);
  expect(head.config.labels[0]).toBe('aeroplane');
  expect(floats(head.values, WEIGHT)).toEqual(floats(weights.values, WEIGHT));
});

test('the same classes in another order take their rows along', () => {
  const head = rebuildClassHead(config, weights.values, config.labels.toReversed(), 1);
  expect(head.classes.carried).toBe(36);
  expect(row(head.values, 0)).toEqual(row(weights.values, 35));
  expect(row(head.values, 36)).toEqual(row(weights.values, 36));
});

describe("COCO's 91 slots, 11 of which stand for no class", () => {
  const labels = config.labels.map((label, slot) => (slot >= 30 ? 'N/A' : label));
  const bias = floats(weights.values, BIAS).map((b, slot) => (slot >= 30 && slot < 36 ? -50 : b));
  const coco = new Map([...weights.values, [BIAS, bias]]);

  test('new rows do not learn from slots that stand for none', () => {
    const head = rebuildClassHead({ ...config, labels }, coco, ['N/A', 'wombat'], 1);
    expect(head.classes.carried).toBe(0);
    const mean = [...bias].slice(0, 30).reduce((a, b) => a + b, 0) / 30;
    for (const at of [0, 1]) expect(floats(head.values, BIAS)[at]).toBeCloseTo(mean, 5);
    expect(row(head.values, 2)).toEqual(row(weights.values, 36));
  });

  test('a table gives a class the row of another', () => {
    const head = rebuildClassHead({ ...config, labels }, coco, ['cat', 'wombat'], 1, new Map([['wombat', 'cat']]));
    expect(row(head.values, 1)).toEqual(row(weights.values, config.labels.indexOf('cat')));
    expect(head.classes.rows).toEqual([
      { name: 'cat', from: 'cat' },
      { name: 'wombat', from: 'cat' },
    ]);
  });
});
