import { expect, test } from 'vitest';
import type { TrainEvent } from '../rpc/protocol.ts';
import { bestEval, emptyLog, logOfHistory, type RunLog, withEvents } from './run-events.ts';
import { testEval, testHistory, testStep } from './test-train.ts';

const { settings } = testHistory('a').summary;
const evaluated = (step: number, map50: number | null): TrainEvent => ({
  type: 'eval',
  record: testEval(step, map50),
  pictures: [],
});

test('events add up to the log, and AP50 knows its best', () => {
  const log = withEvents(
    emptyLog(),
    [
      { type: 'started', settings, classes: ['bus', 'cat'], carriedClasses: 1, firstStep: 0 },
      evaluated(0, 0.4),
      { type: 'step', record: testStep(1) },
      { type: 'step', record: testStep(2) },
      evaluated(2, 0.6),
      evaluated(3, null),
      { type: 'checkpoint', step: 2, kind: 'best' },
      { type: 'checkpoint', step: 1, kind: 'last' },
    ],
    1000,
  );
  expect(log).toMatchObject({ totalSteps: 400, picturesStep: 3, saved: { step: 1, atMs: 1000 } });
  expect([log.firstRecord?.step, log.lastRecord?.step]).toEqual([1, 2]);
  expect(log.curves.plotted(0).steps).toEqual([1, 2]);
  expect(bestEval(log.evals)).toEqual({ step: 2, map50: 0.6, AP: 0 });
});

test('a run that is cut to its time ends where the loop says', () => {
  const progress = { type: 'progress', done: 3, perSecond: null, secondsLeft: null } as const;
  const log = withEvents(emptyLog(settings), [{ ...progress, phase: 'training', total: 40 }]);
  expect(log.totalSteps).toBe(40);
  expect(withEvents(log, [{ ...progress, phase: 'evaluating', total: 8 }]).totalSteps).toBe(40);
});

test('notices, evaluations and pictures stay few, however long a run goes on', () => {
  let log: RunLog = emptyLog(settings);
  for (let step = 1; step <= 3000; step += 1) {
    log = withEvents(log, [evaluated(step, step === 77 ? 0.9 : 0.5), { type: 'notice', message: `The ${step}th.` }]);
  }
  expect(log.notices).toHaveLength(5);
  expect(log.notices.at(-1)).toBe('The 3000th.');
  expect(log.evals.length).toBeLessThanOrEqual(500);
  expect(log.evals.at(-1)?.step).toBe(3000);
  expect(bestEval(log.evals)?.step).toBe(77);
  expect(log.evals[0]?.eval.voc.per_class).toEqual({});
});

test('a history is taken over up to its checkpoint alone: what came after is trained again', () => {
  const log = logOfHistory(testHistory('a'));
  expect(log.lastRecord?.step).toBe(200);
  expect(log.evals.map(({ step }) => step)).toEqual([0, 200]);
  expect(log.saved?.step).toBe(200);
});
