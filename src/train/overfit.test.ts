import { expect, test } from 'vitest';
import { refusalOf } from '../base/test-refusal.ts';
import { overfitSet } from './overfit.ts';
import { paintedDataSet } from './test-run.ts';

const { dataSet } = paintedDataSet(6);

test('both splits become the first pictures of the train split that have boxes, and nothing else changes', () => {
  const samples = dataSet.samples.map((sample) =>
    sample.id === 'p0' ? { ...sample, objects: [] } : sample.id === 'p2' ? { ...sample, labelled: false } : sample,
  );
  const overfit = overfitSet(
    { ...dataSet, samples, splits: { train: ['p5', 'p0', 'p2', 'p1', 'p3'], val: ['p4'] } },
    2,
  );
  expect(overfit.splits).toEqual({ train: ['p5', 'p1'], val: ['p5', 'p1'] });
  expect(overfit.classes).toEqual(dataSet.classes);
  expect(overfit.hash).toBe(dataSet.hash);
});

test('a set with fewer pictures gives what it has, and without the setting it stays as it is', () => {
  expect(overfitSet(dataSet, 100).splits.val).toHaveLength(6);
  expect(overfitSet(dataSet, null)).toBe(dataSet);
});

test('a set without boxes is refused with what to do', () => {
  const samples = dataSet.samples.map((sample) => ({ ...sample, objects: [] }));
  const error = refusalOf(() => overfitSet({ ...dataSet, samples }, 8));
  expect(error.code).toBe('bad-data-set');
  expect(error.message).toMatch(/No picture.*expected 8.*Label/);
});
