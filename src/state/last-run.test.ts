import { expect, test } from 'vitest';
import { lastWeightsOn, weightsBeforeChange } from './last-run.ts';
import { testRun } from './test-runs.ts';

const on = (id: string, hash: string) => ({ dataSet: { id, name: 'cats', hash } });
const runs = [
  testRun('going', { status: 'going', ...on('cats', 'c'), checkpointStep: 4 }),
  testRun('without', { ...on('cats', 'c'), best: null, checkpointStep: null }),
  testRun('newer', { name: 'newer', ...on('cats', 'b'), best: null, checkpointStep: 9 }),
  testRun('older', { ...on('cats', 'a'), checkpointStep: 9 }),
];

test('the newest run that has ended and left weights is gone on from', () => {
  expect(lastWeightsOn(runs, 'cats')).toEqual({
    source: { kind: 'run', runId: 'newer', checkpoint: 'last' },
    name: 'newer, last',
  });
  expect(lastWeightsOn(runs, 'dogs')).toBeNull();
  expect(lastWeightsOn(null, 'cats')).toBeNull();
});

test('a set that is as that run had it has nothing new to train on', () => {
  expect(weightsBeforeChange(runs, { id: 'cats', hash: 'b' })).toBeNull();
  expect(weightsBeforeChange(runs, { id: 'cats', hash: 'b', edited: 1 })?.name).toBe('newer, last');
  expect(weightsBeforeChange(runs, { id: 'cats', hash: 'd' })?.name).toBe('newer, last');
});
