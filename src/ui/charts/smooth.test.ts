import { expect, test } from 'vitest';
import { smooth } from './smooth.ts';

test('no weight of the past leaves the values as they are', () => {
  expect(smooth([3, 1, 2], 0)).toEqual([3, 1, 2]);
});

test('a constant stays itself from the first value on, with any weight', () => {
  for (const value of smooth([5, 5, 5, 5], 0.9)) expect(value).toBeCloseTo(5, 12);
});

test('values are averaged with the weights of the past', () => {
  // By hand, weight 0.5: the newest counts one half, the one before a quarter, together three quarters.
  expect(smooth([4, 8], 0.5)[0]).toBeCloseTo(4, 12);
  expect(smooth([4, 8], 0.5)[1]).toBeCloseTo((0.25 * 4 + 0.5 * 8) / 0.75, 12);
});
