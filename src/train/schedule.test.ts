import { expect, test } from 'vitest';
import { learningRates } from './schedule.ts';

const rates = { lr: 1e-4, lrBackbone: 1e-5 };

test('the last step before the drop has the full rates, the next one a tenth of both, for good', () => {
  const at = (step: number) => learningRates(step, { ...rates, lrDrop: 200 });
  expect([at(1), at(200)]).toEqual([rates, rates]);
  for (const step of [201, 400, 100_000]) {
    expect(at(step).lr).toBeCloseTo(1e-5, 12);
    expect(at(step).lrBackbone).toBeCloseTo(1e-6, 12);
  }
});

test('without a drop the rates are constant', () => {
  expect(learningRates(1_000_000, { ...rates, lrDrop: null })).toEqual(rates);
});
