import { expect, test } from 'vitest';
import { firstDifference } from './first-difference.ts';

const run = [
  { label: 'matmul', slots: [0, 1] },
  { label: 'softmax', slots: [2] },
];

test('names the first dispatch and buffer that differ, or programs that are others', () => {
  const sums = Uint32Array.of(1, 2, 3);
  expect(firstDifference(run, sums, run, sums)).toBeNull();
  expect(firstDifference(run, sums, run, Uint32Array.of(1, 9, 9))).toEqual({ dispatch: 0, label: 'matmul', buffer: 1 });
  expect(firstDifference(run, sums, [...run.slice(0, 1), { label: 'relu', slots: [2] }], sums)).toEqual({
    dispatch: 1,
    label: 'softmax / relu',
    buffer: null,
  });
  expect(firstDifference(run, sums, run.slice(0, 1), sums)?.label).toBe('softmax / nothing');
});
