import { expect, test } from 'vitest';
import { RunCurves } from './run-curves.ts';
import { testStep } from './test-train.ts';

function curvesOf(count: number, loss: (step: number) => number): RunCurves {
  const curves = new RunCurves();
  for (let step = 1; step <= count; step += 1) {
    curves.append(testStep(step, { loss: loss(step), lr: step, grad_norm: loss(step) }));
  }
  return curves;
}

test('a short run is drawn step by step', () => {
  const plotted = curvesOf(3, (step) => 10 - step).plotted(0);
  expect(plotted.steps).toEqual([1, 2, 3]);
  expect(plotted.lossEach).toEqual([9, 8, 7]);
  expect(plotted.loss).toEqual([9, 8, 7]);
});

test.each([499, 500, 501, 20_000])(
  '%d steps are drawn by a bounded number of points, in order, to the last',
  (count) => {
    const { steps, ...lines } = curvesOf(count, () => 1).plotted(0.8);
    expect(steps.length).toBeLessThanOrEqual(1000);
    expect(steps.at(-1)).toBe(count);
    expect(steps.every((step, index) => index === 0 || step > (steps[index - 1] ?? 0))).toBe(true);
    for (const line of Object.values(lines)) expect(line).toHaveLength(steps.length);
  },
);

test('one spike in 20,000 steps is still to be seen, in the loss and in the gradient, where it was', () => {
  const { steps, lossEach, gradNorm } = curvesOf(20_000, (step) => (step === 12_345 ? 99 : 1)).plotted(0.8);
  expect(Math.max(...gradNorm.map(Number))).toBe(99);
  const at = lossEach.indexOf(99);
  expect(Math.abs((steps[at] ?? 0) - 12_345)).toBeLessThan(64);
});

test('a falling loss falls from each point to the next also where they stand for many steps', () => {
  const { lossEach, loss } = curvesOf(5000, (step) => 1 / step).plotted(0);
  expect(lossEach.every((value, index) => index === 0 || Number(value) < Number(lossEach[index - 1]))).toBe(true);
  const means = loss.filter((value) => value !== null);
  expect(means.every((value, index) => index === 0 || value < Number(means[index - 1]))).toBe(true);
});

test('smoothing reaches as far back in steps when points stand for many', () => {
  const half = (step: number) => (step <= 400 ? 0 : 1);
  const alone = curvesOf(440, half).plotted(0.95);
  const joined = curvesOf(440 + 560, (step) => half(step - 560)).plotted(0.95);
  expect(Number(joined.loss.at(-1))).toBeCloseTo(Number(alone.loss.at(-1)), 1);
  expect(alone.loss.at(-1)).toBeGreaterThan(0.8);
  expect(alone.loss.at(-1)).toBeLessThan(1);
});

test('where a run goes on from a checkpoint, what came after it is gone', () => {
  const curves = curvesOf(240, () => 1);
  expect(curves.plotted(0)).toBe(curves.plotted(0));
  curves.cutAfter(200);
  curves.append(testStep(201));
  expect(curves.plotted(0).steps.slice(-2)).toEqual([200, 201]);
});
