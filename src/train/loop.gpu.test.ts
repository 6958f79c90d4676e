import { beforeAll, expect, test } from 'vitest';
import type { ParameterValues } from '../detr/parameters.ts';
import { readCheckpointFiles } from '../interop/checkpoint-files.ts';
import { sharedGpu } from '../tf/test-gpu.ts';
import { runTraining, type TrainingRun } from './loop.ts';
import { startingPoint } from './start.ts';
import { paintedDataSet, QUICK_SETTINGS, TestRunStore, testRun, tinyCheckpoint } from './test-run.ts';
import { readTrainerState } from './trainer-state.ts';
import type { TrainEvent, TrainSettings } from './types.ts';

const session = sharedGpu();
const painted = paintedDataSet();
const { dataSet } = painted;

type Extra = Partial<Pick<TrainingRun, 'resumeFrom' | 'checkpoint' | 'onEvent' | 'signal' | 'dataSet'>>;

function train(store: TestRunStore, settings: Partial<TrainSettings> = {}, extra: Extra = {}) {
  const all = { ...QUICK_SETTINGS, ...settings };
  return runTraining({ ...testRun(session(), painted, all, store), ...extra });
}

const START = startingPoint(tinyCheckpoint(), dataSet, QUICK_SETTINGS).checkpoint.weights.values;

async function lastWeights(store: TestRunStore): Promise<ParameterValues> {
  const files = await store.loadCheckpoint('last');
  if (!files) throw new Error('no checkpoint');
  return readCheckpointFiles(files, 'test').weights.values;
}

const whole = new TestRunStore();
beforeAll(async () => {
  await train(whole, { evalEvery: 5 });
});

/** The run is killed when this event comes: nothing after it happens, as with SIGKILL. */
class Killed extends Error {}

test('a run that is killed in the middle and resumed has the losses of one that was not', async () => {
  const store = new TestRunStore();
  const killAt = (event: TrainEvent) => {
    if (event.type === 'step' && event.record.step === 5) throw new Killed();
  };
  await expect(train(store, {}, { onEvent: killAt })).rejects.toThrow(Killed);
  const files = await store.loadCheckpoint('last');
  if (!files) throw new Error('no checkpoint');
  const resumeFrom = readTrainerState(files);
  expect(resumeFrom.step).toBe(3);
  // One seed gives one run.
  expectClose(store.losses(), whole.losses().slice(0, 5), 1e-5);
  await store.truncateMetrics(resumeFrom.step);
  await train(store, {}, { resumeFrom, checkpoint: readCheckpointFiles(files, 'test') });

  const steps = store.metrics.map(({ step }) => step);
  expect(steps).toEqual(Array.from({ length: 10 }, (_, i) => i + 1));
  expectClose(store.losses(), whole.losses(), 1e-4);
});

test('another seed gives another run', async () => {
  const other = new TestRunStore();
  await train(other, { steps: 1, seed: 12 });
  expect(Math.abs((other.losses()[0] ?? 0) - (whole.losses()[0] ?? 0))).toBeGreaterThan(1e-3);
});

test('the model learns the painted squares, is evaluated when due, and its best weights are kept', async () => {
  const losses = whole.losses();
  const mean = (list: number[]) => list.reduce((sum, loss) => sum + loss, 0) / list.length;
  expect(mean(losses.slice(-4))).toBeLessThan(0.9 * mean(losses.slice(0, 4)));
  const evaluated = whole.metrics.filter((record) => 'eval' in record).map(({ step }) => step);
  expect(evaluated).toEqual([0, 5, 10]);
  expect([...whole.checkpoints.keys()].toSorted()).toEqual(['best', 'last']);
});

test('a finished run that is resumed with more steps keeps its best, and evaluates no step twice', async () => {
  const store = new TestRunStore();
  await train(store, { steps: 2, evalEvery: 2, checkpointEvery: 1 });
  const files = await store.loadCheckpoint('last');
  if (!files) throw new Error('no checkpoint');
  const resumeFrom = readTrainerState(files);
  expect(resumeFrom.evaluatedStep).toBe(2);
  expect(resumeFrom.best).not.toBeNull();
  const checkpoint = readCheckpointFiles(files, 'test');
  await train(store, { steps: 3, evalEvery: 2, checkpointEvery: 1 }, { resumeFrom, checkpoint });
  const evaluated = store.metrics.filter((record) => 'eval' in record).map(({ step }) => step);
  expect(evaluated).toEqual([0, 2, 3]);
});

test('the class head trains alone at first, to the bit, and then everything does', async () => {
  const after = new Map<number, ParameterValues>();
  for (const steps of [2, 3]) {
    const store = new TestRunStore();
    await train(store, { steps, headSteps: 2, lr: 0.01, lrBackbone: 0.01, checkpointEvery: 100 });
    after.set(steps, await lastWeights(store));
  }
  const moved = (steps: number) =>
    [...START].flatMap(([name, before]) => {
      const values = after.get(steps)?.get(name);
      return before.some((value, i) => value !== values?.[i]) ? [name] : [];
    });
  expect(moved(2)).toEqual(['class_labels_classifier.weight', 'class_labels_classifier.bias']);
  expect(moved(3)).toEqual(
    expect.arrayContaining(['bbox_predictor.layers.0.weight', 'model.encoder.layers.0.fc1.weight']),
  );
  expect(moved(3).some((name) => name.startsWith('model.backbone.'))).toBe(true);
  // Adam's first update of a tensor is as long as the rate: they count from the step with which they begin.
  const name = 'model.encoder.layers.0.fc1.weight';
  const [before, now] = [START.get(name), after.get(3)?.get(name)];
  const furthest = Math.max(...(before ?? []).map((value, i) => Math.abs(value - (now?.[i] ?? Number.NaN))));
  expect(furthest / 0.01).toBeCloseTo(1, 2);
});

test.each([
  ['before its end', 3],
  ['after it', 6],
])(
  'a run that is killed in its first phase and resumed %s has the weights of one that was not',
  async (_, killedAt) => {
    const course = { steps: 8, headSteps: 4, warmupSteps: 2, schedule: 'cosine' } as const;
    const unbroken = new TestRunStore();
    await train(unbroken, course);
    const store = new TestRunStore();
    const killAt = (event: TrainEvent) => {
      if (event.type === 'step' && event.record.step === killedAt + 1) throw new Killed();
    };
    await expect(train(store, course, { onEvent: killAt })).rejects.toThrow(Killed);
    const files = await store.loadCheckpoint('last');
    if (!files) throw new Error('no checkpoint');
    const resumeFrom = readTrainerState(files);
    expect(resumeFrom).toMatchObject({ step: killedAt, headOnlySteps: Math.min(4, killedAt) });
    await store.truncateMetrics(killedAt);
    await train(store, course, { resumeFrom, checkpoint: readCheckpointFiles(files, 'test') });
    expectClose(store.losses(), unbroken.losses(), 1e-4);
    const [ended, expected] = await Promise.all([store, unbroken].map(lastWeights));
    expect(ended && expected && apart(START, ended, expected)).toBeLessThan(0.01);
  },
);

test('stopping ends the run after the steps in hand, with a checkpoint of the last', async () => {
  const store = new TestRunStore();
  const stop = new AbortController();
  const onEvent = (event: TrainEvent) => {
    if (event.type === 'step' && event.record.step === 2) stop.abort();
  };
  const result = await train(store, {}, { onEvent, signal: stop.signal });
  // One was begun before the second was told.
  expect(result.steps).toBe(3);
  expect(store.metrics.map(({ step }) => step)).toEqual([1, 2, 3]);
  const files = await store.loadCheckpoint('last');
  expect(files && readTrainerState(files).step).toBe(3);
});

/** How far two runs from one start ended apart, as a share of the way that the second one went. */
function apart(start: ParameterValues, actual: ParameterValues, expected: ParameterValues): number {
  let difference = 0;
  let way = 0;
  for (const [name, values] of expected) {
    const [found, from] = [actual.get(name), start.get(name)];
    for (const [i, value] of values.entries()) {
      difference += (value - (found?.[i] ?? Number.NaN)) ** 2;
      way += (value - (from?.[i] ?? Number.NaN)) ** 2;
    }
  }
  return Math.sqrt(difference / way);
}

function expectClose(actual: readonly number[], expected: readonly number[], relative: number): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of actual.entries()) {
    const wanted = expected[i] ?? Number.NaN;
    expect(Math.abs(value - wanted), `step ${i + 1}: ${value} and ${wanted}`).toBeLessThanOrEqual(relative * wanted);
  }
}
