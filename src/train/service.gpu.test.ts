import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { DataSet } from '../data/types.ts';
import { nodeGpu } from '../platform/node/device.ts';
import { tf } from '../tf/index.ts';
import { ownGpu } from '../tf/test-gpu.ts';
import { runHistory } from './kept-runs.ts';
import { createTrainService } from './service.ts';
import { TestFeatureStore } from './test-feature-store.ts';
import { FORGETS, paintedDataSet, QUICK_SETTINGS, tinyCheckpoint } from './test-run.ts';
import { testRunDatabase } from './test-run-database.ts';
import type { RunRequest, TrainEvent, TrainSettings } from './types.ts';

const { dataSet, decode } = paintedDataSet();
ownGpu();
let gpu: GPU;
beforeAll(async () => {
  gpu = await nodeGpu();
});

const WARM: Partial<TrainSettings> = { steps: 6, checkpointEvery: 2 };

function request(id: string, settings: Partial<TrainSettings> = {}): RunRequest {
  return {
    id,
    name: `run ${id}`,
    dataSetId: 'painted',
    from: { kind: 'bundled' },
    settings: { ...QUICK_SETTINGS, ...WARM, ...settings },
  };
}

/** One service for all tests, since every new device compiles all programs again; what differs is set in each. */
const database = testRunDatabase();
let events: TrainEvent[];
let listen: (event: TrainEvent) => void;
let current: DataSet;
let findsGpu: () => Promise<GPU>;
let now: () => number;
const waits: number[] = [];
beforeEach(() => {
  events = [];
  listen = () => {};
  current = dataSet;
  findsGpu = async () => gpu;
  now = () => performance.now();
  database.checkpoints.quotaBytes = Number.POSITIVE_INFINITY;
});

const service = createTrainService({
  features: () => new TestFeatureStore(),
  gpu: () => findsGpu(),
  decode,
  dataSet: async () => current,
  openWeights: async () => ({ checkpoint: tinyCheckpoint(), name: 'tiny' }),
  database,
  adapters: FORGETS,
  exclusively: (work) => work(),
  isTraining: async () => false,
  inTurn: (work) => work(),
  now: () => now(),
  date: () => 1_700_000_000_000,
  wait: async (milliseconds) => {
    waits.push(milliseconds);
  },
  versions: { browser: 'none' },
  mayLoseDevice: true,
});

const hear = (batch: readonly TrainEvent[]) => {
  events.push(...batch);
  for (const event of batch) listen(event);
};
const at = (listener: (event: TrainEvent) => void) => {
  listen = listener;
};
const notices = () => events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
const losses = async (id: string) => (await runHistory(database, id, true)).steps.map(({ loss }) => loss);
const summary = async (id: string) => (await runHistory(database, id, true)).summary;

const atStep = (step: number, then: () => void) => (event: TrainEvent) => {
  if (event.type === 'step' && event.record.step === step) then();
};

test('a device that is lost in the middle of a step ends the run; on a new one it goes on as if nothing had been', async () => {
  await service.start(request('whole'), hear);
  const expected = await losses('whole');
  const tensors = tf.memory().numTensors;

  at(atStep(5, () => void service.loseDevice()));
  await expect(service.start(request('lost'), hear)).rejects.toMatchObject({ code: 'gpu-lost' });
  expect(tf.memory().numTensors, 'tensors left behind').toBe(tensors);
  const failed = await summary('lost');
  expect(failed).toMatchObject({ status: 'failed', checkpointStep: 4, message: expect.stringMatching(/lost/) });

  at(() => {});
  expect((await service.continueRun('lost', hear)).steps).toBe(6);
  const found = await losses('lost');
  expect(found).toHaveLength(expected.length);
  for (const [i, loss] of found.entries()) {
    expect(Math.abs(loss - (expected[i] ?? 0)), `step ${i + 1}`).toBeLessThan(1e-4 * loss);
  }
  expect(await summary('lost')).toMatchObject({ status: 'done', message: null, stepsDone: 6, checkpointStep: 6 });
  expect(tf.memory().numTensors, 'tensors left behind').toBe(tensors);
});

test('the rows that a person chose for classes are in the run, told, and there when it goes on', async () => {
  const classMap = new Map([['disc', 'square']]);
  at(atStep(2, () => void service.stop()));
  await service.start({ ...request('rows'), classMap }, hear);
  expect(notices()).toContainEqual(expect.stringMatching(/"disc" and "square" start from one row, "square"/));
  at(() => {});
  await service.continueRun('rows', hear);
  const [kept] = await database.runs.values(['rows']);
  expect(kept?.summary).toMatchObject({ status: 'done', chosenRows: [{ name: 'disc', from: 'square' }] });
  const classRows = ['disc', 'square'].map((name) => ({ name, from: 'square' }));
  expect(kept?.run).toMatchObject({ carriedClasses: 2, classRows });
  await expect(
    service.start({ ...request('wrong'), classMap: new Map([['disc', 'ring']]) }, hear),
  ).rejects.toMatchObject({ code: 'usage', message: expect.stringMatching(/the row of "ring", which the weights/) });
});

test('a run that is stopped keeps its figures, and goes on where it was', async () => {
  at(atStep(3, () => void service.stop()));
  await service.start(request('stopped', { evalEvery: 4 }), hear);
  // The fourth was begun before the third was told.
  expect(await summary('stopped')).toMatchObject({ status: 'stopped', stepsDone: 4, checkpointStep: 4, from: 'tiny' });
  at(() => {});
  events = [];
  const { best } = await service.continueRun('stopped', hear);
  expect(events.find(({ type }) => type === 'started')).toMatchObject({ firstStep: 4, carriedClasses: 2 });
  expect(await losses('stopped')).toHaveLength(6);
  const kept = await summary('stopped');
  expect(kept).toMatchObject({ status: 'done', stepsDone: 6, best });
  expect(best).not.toBeNull();
  expect(kept.bytes).toBeGreaterThan(10_000);
  expect(kept.seconds).toBeGreaterThan(0);
  const again = service.continueRun('stopped', hear);
  await expect(again).rejects.toMatchObject({ code: 'usage', message: expect.stringMatching(/made all its 6 steps/) });
});

test('training goes on where a checkpoint finds no room, the older one stays, and that is said once', async () => {
  // From the moment on in which the first one of a step is whole: saving goes on beside the steps.
  at((event) => {
    if (event.type === 'checkpoint' && event.step === 2) database.checkpoints.quotaBytes = 1000;
  });
  await expect(service.start(request('full'), hear)).rejects.toMatchObject({ code: 'storage' });
  const kept = await summary('full');
  expect(kept).toMatchObject({ status: 'failed', stepsDone: 6, checkpointStep: 2 });
  expect(kept.message).toMatch(/needs .* are free/);
  expect(notices()).toEqual([expect.stringMatching(/could not be kept.*Training goes on/)]);

  database.checkpoints.quotaBytes = Number.POSITIVE_INFINITY;
  at(() => {});
  expect((await service.continueRun('full', hear)).steps).toBe(6);
});

test('a run is not taken up on data that changed, and a missing run is said', async () => {
  at(atStep(2, () => void service.stop()));
  await service.start(request('changed'), hear);
  current = { ...dataSet, hash: 'another' };
  await expect(service.continueRun('changed', hear)).rejects.toMatchObject({
    code: 'bad-data-set',
    message: expect.stringMatching(/has changed since "run changed" began/),
  });
  expect(await summary('changed')).toMatchObject({ status: 'stopped', checkpointStep: 2 });
  await expect(service.continueRun('nowhere', hear)).rejects.toMatchObject({ code: 'not-found' });
});

test('one run at a time; an estimate is refused meanwhile, and keeps nothing', async () => {
  const estimate = await service.estimate(request('measured', { steps: 100, evalEvery: 50 }));
  expect(estimate.secondsPerStep).toBeGreaterThan(0);
  expect(estimate.gpuBytes).toBeGreaterThan(100_000);
  expect(estimate.secondsPerEvaluation).toBeGreaterThan(0);
  const frozen = await service.estimate(request('measured', { steps: 100, freezeBackbone: true }));
  expect(frozen.secondsPerStep).toBeGreaterThan(0);
  for (const records of [database.runs, database.checkpoints]) expect(await records.keys(['measured'])).toEqual([]);

  const refused: Promise<unknown>[] = [];
  const refusal = (question: Promise<unknown>) => question.catch((error: unknown) => error);
  at(
    atStep(1, () => {
      refused.push(refusal(service.start(request('b'), hear)), refusal(service.estimate(request('measured'))));
    }),
  );
  await service.start(request('alone', { steps: 2 }), hear);
  expect(await Promise.all(refused)).toMatchObject([{ code: 'usage' }, { code: 'usage' }]);
});

test('time in which the tab was frozen or the run paused is no training, and freezing is said', async () => {
  let clock = 0;
  now = () => (clock += 1);
  at((event) => {
    if (event.type !== 'step') return;
    if (event.record.step === 1) {
      clock += 600_000;
      void service.wasFrozen(600_000);
    }
    if (event.record.step === 2) void service.pause();
    // The step that was begun before the pause: after it nothing is done.
    if (event.record.step === 3) {
      setTimeout(() => {
        clock += 900_000;
        void service.resume();
      }, 20);
    }
  });
  await service.start(request('idle', { steps: 4, checkpointEvery: 100 }), hear);
  expect(notices()).toEqual(['The browser froze this tab for 10 min; training goes on where it was.']);
  expect((await summary('idle')).seconds).toBeLessThan(60);
  for (const event of events) if (event.type === 'step') expect(event.record.images_per_second).toBeGreaterThan(1);
});

test('a first test of a set trains and is evaluated on its first pictures alone', async () => {
  await service.start(request('overfit', { overfitPictures: 2, steps: 2, evalEvery: 2 }), hear);
  const pictures = events.flatMap((event) =>
    event.type === 'eval' ? [event.pictures.map(({ sampleId }) => sampleId).toSorted()] : [],
  );
  expect(pictures).toEqual([
    ['p0', 'p1'],
    ['p0', 'p1'],
  ]);
  expect((await summary('overfit')).settings.overfitPictures).toBe(2);
});

test('where no adapter comes back after a loss that is said after a few tries, and what was saved stays', async () => {
  at(atStep(3, () => void service.loseDevice()));
  await expect(service.start(request('gone'), hear)).rejects.toMatchObject({ code: 'gpu-lost' });
  let tries = 0;
  findsGpu = async () => {
    tries++;
    return { requestAdapter: async () => null } as Partial<GPU> as GPU;
  };
  await expect(service.continueRun('gone', hear)).rejects.toMatchObject({
    code: 'gpu-unavailable',
    message: expect.stringMatching(/has not come back.*resume/),
  });
  expect(tries).toBe(3);
  expect(waits).toEqual([500, 2000]);
  expect(await summary('gone')).toMatchObject({ status: 'failed', checkpointStep: 2 });
});
