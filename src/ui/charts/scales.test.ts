import { expect, test } from 'vitest';
import { logTicks, roundTicks, valueRange } from './scales.ts';

test('a linear axis starts at 0 and has room above the highest value', () => {
  expect(valueRange(2, 10, null, false)).toEqual({ from: 0, to: 10 * 1.06 });
  expect(valueRange(0.1, 0.5, 1, false)).toEqual({ from: 0, to: 1 });
});

test('an axis without any value goes to 1', () => {
  expect(valueRange(Infinity, -Infinity, null, false)).toEqual({ from: 0, to: 1 });
  expect(valueRange(Infinity, -Infinity, null, true)).toEqual({ from: 0.1, to: 1 });
});

test('a logarithmic axis begins at a power of ten below all values', () => {
  const { from, to } = valueRange(0.03, 7, null, true);
  expect(from).toBeCloseTo(0.01, 12);
  expect(to).toBeCloseTo(7.42, 12);
  expect(valueRange(0.001, 2, null, true).from).toBeCloseTo(0.001, 12);
});

test('ticks are round, within the range and about as many as asked for', () => {
  expect(roundTicks({ from: 0, to: 800 }, 5)).toEqual([0, 200, 400, 600, 800]);
  expect(roundTicks({ from: 0, to: 1 }, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(roundTicks({ from: 0, to: 0.37 }, 4)).toEqual([0, 0.1, 0.2, 0.3]);
  expect(roundTicks({ from: 0, to: 3 }, 10, 1)).toEqual([0, 1, 2, 3]);
});

test('a logarithmic axis over few decades has ticks between the powers of ten', () => {
  expect(logTicks({ from: 0.1, to: 7 })).toEqual([0.1, 0.2, 0.5, 1, 2, 5]);
  expect(logTicks({ from: 1e-6, to: 1 })).toEqual([1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1]);
});
