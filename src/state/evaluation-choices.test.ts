import { expect, test } from 'vitest';
import type { DataSetSummary } from '../rpc/protocol.ts';
import { isOutdated, proposedChoice, splitChoices } from './evaluation-choices.ts';
import { testRun } from './test-runs.ts';
import { weightsOptions } from './weights-choices.ts';

const set = (id: string, splits: Record<string, number>): DataSetSummary => ({
  id,
  name: id,
  bundled: false,
  images: 10,
  boxes: 20,
  classes: ['bus', 'cat'],
  splits,
  problems: 0,
  bytes: 1,
  hash: 'ab',
  importedAtMs: null,
});

test('splits with pictures are offered, those that are not trained on first', () => {
  expect(splitChoices(set('a', { train: 8, test: 2, val: 3, trainval: 0 }))).toEqual(['val', 'test', 'train']);
});

test("the newest run's best weights are proposed on the set that it was trained on", () => {
  const runs = [
    testRun('b', { dataSet: { id: 'cells', name: 'cells', hash: 'x' }, best: { step: 5, map50: 0.1, AP: 0 } }),
  ];
  const weights = weightsOptions(runs, []).flatMap(({ items }) => items);
  const sets = [set('emoji', { val: 2 }), set('cells', { train: 8, val: 2 })];
  expect(proposedChoice(weights, runs, sets)).toMatchObject({
    weights: { kind: 'run', runId: 'b', checkpoint: 'best' },
    dataSetId: 'cells',
    split: 'val',
  });
  expect(proposedChoice(weights, runs, [set('emoji', { val: 2 })])).toMatchObject({ dataSetId: 'emoji' });
  expect(proposedChoice(weights, runs, [])).toBeNull();
});

test('a result is outdated as soon as anything else is chosen', () => {
  const choice = { weights: { kind: 'bundled' }, name: 'tiny', dataSetId: 'emoji', split: 'val' } as const;
  const of = { ...choice, limit: null };
  expect(isOutdated(of, choice, null)).toBe(false);
  expect(isOutdated(of, { ...choice, split: 'train' }, null)).toBe(true);
  expect(isOutdated(of, choice, 20)).toBe(true);
  expect(isOutdated(of, { ...choice, weights: { kind: 'run', runId: 'a', checkpoint: 'best' } }, null)).toBe(true);
});
