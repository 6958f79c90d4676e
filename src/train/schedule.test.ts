import { expect, test } from 'vitest';
import { learningRates, type RateSettings } from './schedule.ts';

const CONSTANT: RateSettings = {
  ...{ steps: 400, lr: 1e-4, lrBackbone: 1e-5 },
  ...{ schedule: 'constant', warmupSteps: 0, lrDrop: null },
};
const FULL = { lr: 1e-4, lrBackbone: 1e-5 };

/** The main rate at each step of a run of 10 steps, at a full rate of 1. */
function course(part: Partial<RateSettings>): number[] {
  const settings: RateSettings = { ...CONSTANT, steps: 10, lr: 1, ...part };
  return Array.from({ length: settings.steps }, (_, i) => learningRates(i + 1, settings).lr);
}

function expectCourse(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, rate] of actual.entries()) expect(rate, `step ${i + 1}`).toBeCloseTo(expected[i] ?? Number.NaN, 12);
}

test('the last step before the drop has the full rates, the next one a tenth of both, for good', () => {
  const at = (step: number) => learningRates(step, { ...CONSTANT, schedule: 'step', lrDrop: 200 });
  expect([at(1), at(200)]).toEqual([FULL, FULL]);
  for (const step of [201, 400, 100_000]) {
    expect(at(step).lr).toBeCloseTo(1e-5, 12);
    expect(at(step).lrBackbone).toBeCloseTo(1e-6, 12);
  }
});

test('a constant schedule has the full rates at any step', () => {
  expect(learningRates(1_000_000, CONSTANT)).toEqual(FULL);
});

test('the warm-up rises in a line to the full rate on the step after it', () => {
  // torch 2: LinearLR(start_factor=1/5, total_iters=4) over a rate of 1.
  expectCourse(course({ warmupSteps: 4 }), [0.2, 0.4, 0.6, 0.8, 1, 1, 1, 1, 1, 1]);
  expectCourse(course({ warmupSteps: 4, schedule: 'step', lrDrop: 7 }), [0.2, 0.4, 0.6, 0.8, 1, 1, 1, 0.1, 0.1, 0.1]);
});

test('a cosine starts at the full rate, is at half of it in the middle, and would be at nothing one step after the end', () => {
  const rates = course({ schedule: 'cosine' });
  // torch 2: CosineAnnealingLR(T_max=10) over a rate of 1.
  expectCourse(rates, [
    ...[1, 0.9755282581475768, 0.9045084971874737, 0.7938926261462366, 0.6545084971874737],
    ...[0.5, 0.34549150281252633, 0.20610737385376343, 0.09549150281252633, 0.024471741852423234],
  ]);
  const settings = { ...CONSTANT, schedule: 'cosine', steps: 10 } as const;
  expect(learningRates(11, settings).lr).toBeCloseTo(0, 12);
  expect(learningRates(5000, settings).lr).toBeCloseTo(0, 12);
});

test('a cosine after a warm-up takes what is left of the run', () => {
  const rates = course({ schedule: 'cosine', warmupSteps: 4 });
  expectCourse(rates, [0.2, 0.4, 0.6, 0.8, ...course({ schedule: 'cosine', steps: 6 })]);
});

test('the backbone has the same share of the main rate all along', () => {
  for (const schedule of ['constant', 'step', 'cosine'] as const) {
    for (const step of [1, 3, 50, 399]) {
      const { lr, lrBackbone } = learningRates(step, { ...CONSTANT, schedule, warmupSteps: 5, lrDrop: 30 });
      expect(lrBackbone / lr).toBeCloseTo(0.1, 12);
    }
  }
});
