import { expect, test } from 'vitest';
import { cutByCost, mendCosts } from './submissions.ts';

test('submissions are cut before they would take too long, and one command is never cut', () => {
  expect(cutByCost([3, 3, 3, 20, 1, 1], 8)).toEqual([2, 3, 4, 6]);
  expect(cutByCost([1, 1], 8)).toEqual([2]);
  expect(cutByCost([], 8)).toEqual([]);
});

test('costs move to what was measured, so that a steady device is cut at the target', () => {
  const costs = new Float64Array(100).fill(5);
  for (let round = 0; round < 20; round++) {
    let start = 0;
    for (const end of cutByCost(costs, 8)) {
      mendCosts(costs, start, end, 0.5 * (end - start));
      start = end;
    }
  }
  expect(cutByCost(costs, 8).length).toBeLessThanOrEqual(7);
  expect(cutByCost(costs, 8).length).toBeGreaterThanOrEqual(6);
});
