import { expect, test } from 'vitest';
import type { DataSetSummary } from '../rpc/protocol.ts';
import { isOutdated, proposedChoice, splitChoices, weightsChoices } from './evaluation-choices.ts';
import { testRun } from './test-runs.ts';

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

const names = (...from: Parameters<typeof weightsChoices>) => weightsChoices(...from).map(({ name }) => name);

test("each run's best and last weights come first, then the bundled ones", () => {
  const runs = [
    testRun('b', { name: 'second', best: { step: 250, map50: 0.6, AP: 0.4 } }),
    testRun('a', { name: 'first' }),
    testRun('c', { checkpointStep: null }),
  ];
  expect(names(runs, 'tiny', null)).toEqual([
    'second, best, step 250',
    'second, last, step 400',
    'first, last, step 400',
    'tiny',
  ]);
});

test('what was chosen and is none of these stays in the list', () => {
  const file = { weights: { kind: 'files', name: 'mine.safetensors', files: [] }, name: 'mine.safetensors' } as const;
  expect(names([], 'tiny', file)).toEqual(['tiny', 'mine.safetensors']);
  expect(names([], 'tiny', { weights: { kind: 'bundled' }, name: 'tiny' })).toEqual(['tiny']);
});

test('splits with pictures are offered, those that are not trained on first', () => {
  expect(splitChoices(set('a', { train: 8, test: 2, val: 3, trainval: 0 }))).toEqual(['val', 'test', 'train']);
});

test("the newest run's best weights are proposed on the set that it was trained on", () => {
  const runs = [
    testRun('b', { dataSet: { id: 'cells', name: 'cells', hash: 'x' }, best: { step: 5, map50: 0.1, AP: 0 } }),
  ];
  const weights = weightsChoices(runs, 'tiny', null);
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
