import { expect, test } from 'vitest';
import { proposeName } from './run-names.ts';
import { resumableRuns, resumableSentence } from './runs-left.ts';
import { testRun } from './test-runs.ts';

test('runs that ended early and can go on are offered, but for the own one and those left as they are', () => {
  const early = { status: 'interrupted', stepsDone: 240, checkpointStep: 200 } as const;
  const runs = [
    testRun('offered', early),
    testRun('failed', { ...early, status: 'failed' }),
    testRun('stopped', { ...early, status: 'stopped' }),
    testRun('unsaved', { ...early, checkpointStep: null }),
    testRun('complete', { ...early, checkpointStep: 400 }),
    testRun('own', early),
    testRun('left', early),
  ];
  expect(resumableRuns(runs, 'own', ['left']).map(({ id }) => id)).toEqual(['offered', 'failed']);
  expect(resumableSentence(testRun('1', early))).toBe(
    '“run 1” stopped at step 240 of 400 when the tab was closed; step 200 is saved.',
  );
});

test('a new run has the first number that is free', () => {
  expect(proposeName('cells', [])).toBe('cells 1');
  expect(proposeName('cells', ['cells 1', 'cells 3', 'other 2'])).toBe('cells 2');
});
