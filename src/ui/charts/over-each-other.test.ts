import { expect, test } from 'vitest';
import { overEachOther, thinned, valueAround } from './over-each-other.ts';

test('curves of different runs share one ascending axis, with holes where a run has no value', () => {
  const { at, values } = overEachOther([
    { at: [0, 10, 20], values: [1, 2, 3] },
    { at: [5, 10], values: [7, null] },
  ]);
  expect(at).toEqual([0, 5, 10, 20]);
  expect(values).toEqual([
    [1, null, 2, 3],
    [null, 7, null, null],
  ]);
});

test('a long curve keeps its first and last point and as many as asked for', () => {
  const long = { at: Array.from({ length: 20_000 }, (_, step) => step + 1), values: Array(20_000).fill(2) };
  const short = thinned(long, 500);
  expect(short.at).toHaveLength(500);
  expect(short.at[0]).toBe(1);
  expect(short.at.at(-1)).toBe(20_000);
  expect(new Set(short.at).size).toBe(500);
  const few = { at: [1, 2], values: [3, 4] };
  expect(thinned(few, 500)).toBe(few);
});

test('between two of its values a line has the earlier one; before its start and after its end it has none', () => {
  const line = [null, 4, null, 6, null];
  expect([0, 1, 2, 3, 4].map((index) => valueAround(line, index))).toEqual([null, 4, 4, 6, null]);
});
