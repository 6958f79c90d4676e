import { expect, test } from 'vitest';
import { StudioError } from '../base/errors.ts';
import { emptyLog, withEvents } from './run-events.ts';
import { failureSentence, runReport, statusOf } from './status.ts';
import { testRun } from './test-runs.ts';
import { testStep } from './test-train.ts';

const NO_RUN = { name: '', phase: 'idle', log: emptyLog(), error: null, result: null } as const;
const NO_PICTURES = { weights: null, loading: false, weightsError: null, pictures: [] } as const;
const WEIGHTS = { source: { kind: 'bundled' }, name: 'tiny', classes: ['cat'], engines: ['detrain'] } as const;
const LOST = new StudioError('gpu-lost', 'Lost.');
const { settings } = testRun('a');

function running() {
  const progress = { type: 'progress', perSecond: 3, secondsLeft: 90 } as const;
  const log = withEvents(emptyLog(settings), [
    { type: 'step', record: testStep(240) },
    { ...progress, phase: 'training', done: 240, total: 400 },
  ]);
  return { ...NO_RUN, name: 'cells 1', phase: 'running', log } as const;
}

test('pictures that wait for what did not load, or for a worker that died, are not said to be predicted', () => {
  const waiting = { ...NO_PICTURES, pictures: [{ status: 'waiting' as const }] };
  const error = new StudioError('network', 'The weights did not arrive. Try again.');
  expect(statusOf(NO_RUN, { ...waiting, weightsError: error })).toMatchObject({
    what: 'The weights were not loaded: 1 picture waits',
    fraction: null,
    mood: 'bad',
  });
  expect(statusOf(NO_RUN, { ...waiting, weights: WEIGHTS, halted: error })).toMatchObject({
    what: 'Predicting has stopped: 1 picture waits',
    mood: 'bad',
  });
});

test('while kernels are measured before the first step it says which of how many', () => {
  const log = withEvents(emptyLog(settings), [
    { type: 'progress', phase: 'measuring', done: 12, total: 49, perSecond: null, secondsLeft: null },
  ]);
  const { phase } = statusOf({ ...running(), log }, NO_PICTURES);
  expect(phase).toBe('finding the fastest kernels for this graphics card: 12 of 49');
});

test('while weights are on their way and while pictures are predicted it says so', () => {
  expect(statusOf(NO_RUN, NO_PICTURES).what).toBe('Nothing is running');
  expect(statusOf(NO_RUN, { ...NO_PICTURES, loading: true }).what).toBe('Loading weights');
  const pictures = [{ status: 'done' as const }, { status: 'predicting' as const }];
  expect(statusOf(NO_RUN, { ...NO_PICTURES, weights: WEIGHTS, pictures })).toMatchObject({
    what: 'Predicting',
    howFar: 'picture 2 of 2',
    fraction: 0.5,
  });
});

test('a run comes before everything else, and an evaluation before the run of another tab', () => {
  const elsewhere = runReport(running());
  expect(elsewhere).toMatchObject({ name: 'cells 1', step: 240, steps: 400, imagesPerSecond: 31.4, secondsLeft: 90 });
  const evaluating = { done: 12, total: 80, secondsLeft: 4 };
  const importing = {
    name: 'bccd',
    phase: 'reading',
    bytesDone: 1,
    bytesTotal: 4,
    picturesDone: 1,
    bytesPerSecond: null,
    secondsLeft: null,
  } as const;
  const all = { elsewhere, evaluating, estimating: true };
  expect(statusOf(NO_RUN, NO_PICTURES, { ...all, importing }).what).toBe('Importing "bccd"');
  expect(statusOf(running(), NO_PICTURES, { importing }).what).toBe('Training "cells 1"');
  expect(statusOf(running(), NO_PICTURES, all).what).toBe('Training "cells 1"');
  expect(statusOf(NO_RUN, NO_PICTURES, all)).toMatchObject({ what: 'Evaluating', howFar: 'picture 12 of 80' });
  expect(statusOf(NO_RUN, NO_PICTURES, { elsewhere })).toMatchObject({
    what: '"cells 1" trains in another tab',
    howFar: 'step 240 of 400',
    fraction: 0.6,
  });
  expect(statusOf(NO_RUN, NO_PICTURES, { estimating: true }).what).toContain('Measuring');
});

test('a paused run has no rate and no time left, also for other tabs', () => {
  const paused = { ...running(), phase: 'paused' } as const;
  expect(statusOf(paused, NO_PICTURES)).toMatchObject({ imagesPerSecond: null, secondsLeft: null, fraction: 0.6 });
  expect(runReport(paused)).toMatchObject({ phase: 'paused', imagesPerSecond: null });
});

test('a failure is a sentence that says what is saved', () => {
  expect(failureSentence(LOST, 240, 200)).toBe(
    'Training stopped: the graphics card was lost at step 240. Everything up to step 200 is saved.',
  );
  const other = new StudioError('non-finite', 'The gradient of "a" is not finite. Lower the learning rate.');
  expect(failureSentence(other, 3, 0)).toBe(
    'Training stopped at step 3: The gradient of "a" is not finite. Lower the learning rate. Its start is saved.',
  );
  expect(failureSentence(LOST, 3, null)).toContain('Nothing of it was saved.');
  const refused = new StudioError('usage', 'A run is going on in another tab.');
  expect(failureSentence(refused, 0, null)).toBe('Training did not start: A run is going on in another tab.');
});
