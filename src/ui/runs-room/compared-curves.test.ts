import { expect, test } from 'vitest';
import type { RunHistory } from '../../rpc/protocol.ts';
import { testRun } from '../../state/test-runs.ts';
import { twoDigits } from '../numbers.ts';
import { comparedCurves, describeCompared } from './compared-curves.ts';

/** A run of so many steps, of which each is `epochsPerStep` of its set; the loss is 8 / step. */
function history(id: string, steps: number, epochsPerStep: number): RunHistory {
  const records = Array.from({ length: steps }, (_, index) => ({
    step: index + 1,
    epoch: (index + 1) * epochsPerStep,
    loss: 8 / (index + 1),
    loss_ce: 0,
    loss_bbox: 0,
    loss_giou: 0,
    cardinality_error: 0,
    class_error: 0,
    lr: 1e-4,
    grad_norm: 1,
    images_per_second: 1,
  }));
  return { summary: testRun(id, {}, { steps: 4 }), steps: records, evals: [] };
}

test('by step, each run has its values at its own steps and the axis ends with the longest plan', () => {
  const { loss, last } = comparedCurves([history('a', 2, 0.5), history('b', 4, 0.1)], 'step', 0);
  expect(loss.at).toEqual([1, 2, 3, 4]);
  expect(loss.values).toEqual([
    [8, 4, null, null],
    [8, 4, 8 / 3, 2],
  ]);
  expect(last).toBe(4);
});

test('by epoch, runs over sets of other sizes are put where they are in their set', () => {
  const { loss, last } = comparedCurves([history('a', 2, 0.5), history('b', 1, 0.25)], 'epoch', 0);
  expect(loss.at).toEqual([0.25, 0.5, 1]);
  expect(loss.values).toEqual([
    [null, 8, 4],
    [8, null, null],
  ]);
  expect(last).toBe(2);
});

test('twenty thousand steps are drawn as a few hundred points', () => {
  const { loss } = comparedCurves([history('a', 20_000, 0.1)], 'step', 0.8);
  expect(loss.at.length).toBeLessThanOrEqual(800);
  expect(loss.at.at(-1)).toBe(20_000);
});

test('the sentence names each run with what it came to', () => {
  const curves = comparedCurves([history('a', 4, 0.5), history('b', 0, 1)], 'step', 0);
  expect(describeCompared('Loss', ['one', 'two'], curves.loss, twoDigits)).toBe(
    'Loss of 2 runs: one ends at 2.00; two has none.',
  );
});
