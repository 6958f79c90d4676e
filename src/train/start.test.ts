import { expect, test } from 'vitest';
import { startingPoint } from './start.ts';
import { paintedDataSet, QUICK_SETTINGS, tinyCheckpoint } from './test-run.ts';

const { dataSet } = paintedDataSet();

test('a run starts with a head for its classes and at its own size; the rest is as it was', () => {
  const from = tinyCheckpoint();
  const classes = ['bar', 'disc', 'star'];
  const settings = { ...QUICK_SETTINGS, size: 96 };
  const { checkpoint, carriedClasses } = startingPoint(from, { ...dataSet, classes }, settings);
  expect(carriedClasses).toBe(1);
  expect(checkpoint.config.labels).toEqual(classes);
  expect(checkpoint.weights.values.get('class_labels_classifier.bias')).toHaveLength(4);
  // 96 * 1333 / 800 = 159.96
  expect(checkpoint.preprocessor.config).toEqual({ ...from.preprocessor.config, shortestEdge: 96, longestEdge: 159 });
  expect(checkpoint.preprocessor.fields).toEqual(from.preprocessor.fields);
  expect(checkpoint.weights.form).toBe(from.weights.form);
  for (const [name, values] of from.weights.values) {
    if (!name.startsWith('class_labels_classifier')) expect(checkpoint.weights.values.get(name)).toBe(values);
  }
  expect(from.config.labels).toEqual(['disc', 'square']);
  expect(from.preprocessor.config.shortestEdge).toBe(64);
});

test('the seed of the run draws the new rows of its head', () => {
  const rows = (seed: number) =>
    startingPoint(tinyCheckpoint(), { ...dataSet, classes: ['star'] }, { ...QUICK_SETTINGS, seed })
      .checkpoint.weights.values.get('class_labels_classifier.weight')
      ?.slice(0, 16);
  expect(rows(1)).toEqual(rows(1));
  expect(rows(2)).not.toEqual(rows(1));
});
