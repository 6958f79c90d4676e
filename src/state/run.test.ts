import { expect, test } from 'vitest';
import { StudioError } from '../base/errors.ts';
import type { StepRecord, TrainApi, TrainEvent, TrainResult } from '../rpc/protocol.ts';
import { createRunStore, hasWeights } from './run.ts';
import { bestEval, EMPTY_LOG, withEvents } from './run-events.ts';
import { checkSettings, DEFAULT_FORM } from './settings.ts';
import { statusOf } from './status.ts';

const checked = checkSettings(DEFAULT_FORM);
if (!checked.ok) throw new Error('the default form is wrong');
const { settings } = checked;

const record = (step: number): StepRecord => ({
  step,
  epoch: step / 40,
  loss: 8 / step,
  loss_ce: 1,
  loss_bbox: 1,
  loss_giou: 1,
  cardinality_error: 0,
  class_error: 0,
  lr: 2e-4,
  grad_norm: 1,
  images_per_second: 31.4,
});

const evaluation = (step: number, map50: number | null): TrainEvent => ({
  type: 'eval',
  record: {
    step,
    eval: {
      voc: { map50, map50_11_point: map50, per_class: {} },
      coco: {
        AP: 0,
        AP50: 0,
        AP75: 0,
        APs: null,
        APm: null,
        APl: null,
        AR1: 0,
        AR10: 0,
        AR100: 0,
        ARs: null,
        ARm: null,
        ARl: null,
        per_class: {},
      },
    },
  },
  pictures: [],
});

/** A train worker that ends when the test says so. */
function worker() {
  let tell: (events: readonly TrainEvent[]) => void = () => {};
  let end: (result: TrainResult) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const api: TrainApi = {
    adapter: async () => ({ name: 'test', software: true }),
    start: (_, onEvent) => {
      tell = onEvent;
      return new Promise((resolve, reject) => {
        end = resolve;
        fail = reject;
      });
    },
    pause: async () => {},
    resume: async () => {},
    stop: async () => {},
    weights: async () => {
      throw new StudioError('not-found', 'There is no run whose weights could be given. Start one first.');
    },
    samplePicture: async () => new Uint8Array(),
  };
  const result = { out: '', steps: 2, seconds: 1, loss_first: 8, loss_last: 4, best: null, final: null };
  return {
    api,
    tell: (events: readonly TrainEvent[]) => tell(events),
    end: () => end(result),
    fail: (error: Error) => fail(error),
  };
}

const NO_PICTURES = { weights: null, loading: false, weightsError: null, pictures: [] } as const;

test('events add up to the log, and AP50 knows its best', () => {
  const events: TrainEvent[] = [
    { type: 'started', settings, classes: ['bus', 'cat'], carriedClasses: 1, firstStep: 1 },
    evaluation(0, 0.4),
    { type: 'step', record: record(1) },
    { type: 'step', record: record(2) },
    evaluation(2, 0.6),
    evaluation(3, null),
    { type: 'checkpoint', step: 2, kind: 'best' },
  ];
  const log = withEvents(EMPTY_LOG, events);
  expect(log.steps.map(({ step }) => step)).toEqual([1, 2]);
  expect(log.picturesStep).toBe(3);
  expect(log.hasCheckpoint).toBe(true);
  expect(bestEval(log.evals)).toEqual({ step: 2, map50: 0.6 });
  expect(EMPTY_LOG.steps).toEqual([]);
});

test('a run goes from start through pause and stop, and leaves its weights', async () => {
  const { api, tell, end } = worker();
  const store = createRunStore(api);
  const run = store.getState().start(settings);
  expect(store.getState().phase).toBe('starting');
  tell([{ type: 'step', record: record(1) }]);
  expect(store.getState().phase).toBe('running');
  expect(statusOf(store.getState(), NO_PICTURES)).toMatchObject({
    what: 'Training "emoji-scenes 1"',
    howFar: 'step 1 of 400',
    imagesPerSecond: 31.4,
  });
  await store.getState().pause();
  expect(store.getState().phase).toBe('paused');
  await store.getState().resume();
  expect(store.getState().phase).toBe('running');
  await store.getState().stop();
  expect(store.getState().phase).toBe('stopping');
  expect(hasWeights(store.getState())).toBe(false);
  end();
  await run;
  expect(store.getState().phase).toBe('stopped');
  expect(hasWeights(store.getState())).toBe(true);
});

test('a failure is told where it happened and in the status, and does not lose what was drawn', async () => {
  const { api, tell, fail } = worker();
  const store = createRunStore(api);
  const run = store.getState().start(settings);
  tell([{ type: 'step', record: record(1) }]);
  fail(new StudioError('gpu-lost', 'The graphics card was lost at step 1. Start again.'));
  await run;
  expect(store.getState()).toMatchObject({ phase: 'failed', error: { code: 'gpu-lost' } });
  expect(store.getState().log.steps).toHaveLength(1);
  const said = statusOf(store.getState(), NO_PICTURES);
  expect(said.mood).toBe('bad');
  expect(said.what).toContain('The graphics card was lost at step 1.');
});

test('a second start while one goes on is refused, and the first goes on', async () => {
  const { api, tell } = worker();
  const store = createRunStore(api);
  void store.getState().start(settings);
  tell([{ type: 'step', record: record(1) }]);
  await store.getState().start(settings);
  expect(store.getState()).toMatchObject({ phase: 'running', error: { code: 'usage' } });
  expect(store.getState().log.steps).toHaveLength(1);
});

test('weights that cannot be had give null and the reason', async () => {
  const store = createRunStore(worker().api);
  expect(await store.getState().weights('best')).toBeNull();
  expect(store.getState().error?.code).toBe('not-found');
});
