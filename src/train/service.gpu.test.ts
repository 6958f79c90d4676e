import { beforeAll, expect, test } from 'vitest';
import { nodeGpu } from '../platform/node/device.ts';
import { tf } from '../tf/index.ts';
import { runHistory } from './kept-runs.ts';
import { createTrainService, type TrainPorts } from './service.ts';
import { paintedDataSet, QUICK_SETTINGS, tinyCheckpoint } from './test-run.ts';
import { testRunDatabase } from './test-run-database.ts';
import type { RunRequest, TrainEvent, TrainSettings } from './types.ts';

const { dataSet, decode } = paintedDataSet();
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

function setUp(ports: Partial<TrainPorts> = {}) {
  const database = testRunDatabase();
  const events: TrainEvent[] = [];
  let listen: (event: TrainEvent) => void = () => {};
  const all: TrainPorts = {
    gpu: async () => gpu,
    decode,
    dataSet: async () => dataSet,
    openWeights: async () => ({ checkpoint: tinyCheckpoint(), name: 'tiny' }),
    database,
    exclusively: (work) => work(),
    isTraining: async () => false,
    inTurn: (work) => work(),
    now: () => performance.now(),
    date: () => 1_700_000_000_000,
    wait: async () => {},
    versions: { browser: 'none' },
    mayLoseDevice: true,
    ...ports,
  };
  return {
    database,
    events,
    service: createTrainService(all),
    /** Called at each event as it comes. */
    at: (listener: (event: TrainEvent) => void) => {
      listen = listener;
    },
    hear: (batch: readonly TrainEvent[]) => {
      events.push(...batch);
      for (const event of batch) listen(event);
    },
    notices: () => events.flatMap((event) => (event.type === 'notice' ? [event.message] : [])),
    losses: async (id: string) => (await runHistory(database, id, true)).steps.map(({ loss }) => loss),
    summary: async (id: string) => (await runHistory(database, id, true)).summary,
  };
}

const atStep = (step: number, then: () => void) => (event: TrainEvent) => {
  if (event.type === 'step' && event.record.step === step) then();
};

test('a device that is lost in the middle of a step ends the run; on a new one it goes on as if nothing had been', async () => {
  const whole = setUp();
  await whole.service.start(request('a'), whole.hear);
  const expected = await whole.losses('a');
  const tensors = tf.memory().numTensors;

  const { service, at, hear, summary, losses, database } = setUp();
  at(atStep(5, () => void service.loseDevice()));
  await expect(service.start(request('a'), hear)).rejects.toMatchObject({ code: 'gpu-lost' });
  expect(await summary('a')).toMatchObject({ status: 'failed', checkpointStep: 4 });
  expect((await summary('a')).message).toMatch(/lost/);
  expect(await database.checkpoints.keys(['a', 'last'])).not.toEqual([]);

  at(() => {});
  const result = await service.continueRun('a', hear);
  expect(result.steps).toBe(6);
  const found = await losses('a');
  expect(found).toHaveLength(expected.length);
  for (const [i, loss] of found.entries()) {
    expect(Math.abs(loss - (expected[i] ?? 0)), `step ${i + 1}`).toBeLessThan(1e-4 * loss);
  }
  expect(await summary('a')).toMatchObject({ status: 'done', message: null, stepsDone: 6, checkpointStep: 6 });
  expect(tf.memory().numTensors, 'tensors left behind').toBe(tensors);
});

test('where no adapter comes back after a loss that is said after a few tries, and what was saved stays', async () => {
  let tries = 0;
  let isGone = false;
  const waits: number[] = [];
  const gone = async () => {
    if (isGone) tries++;
    return isGone ? ({ requestAdapter: async () => null } as Partial<GPU> as GPU) : gpu;
  };
  const { service, at, hear, summary } = setUp({ gpu: gone, wait: async (ms) => void waits.push(ms) });
  at(atStep(3, () => void service.loseDevice()));
  await expect(service.start(request('a'), hear)).rejects.toMatchObject({ code: 'gpu-lost' });
  isGone = true;
  const said = await service.continueRun('a', hear).catch((error: unknown) => error);
  expect(said).toMatchObject({ code: 'gpu-unavailable', message: expect.stringMatching(/has not come back.*resume/) });
  expect(tries).toBe(3);
  expect(waits).toEqual([500, 2000]);
  expect(await summary('a')).toMatchObject({ status: 'failed', checkpointStep: 2 });
});

test('a run that is stopped keeps its figures, and goes on where it was', async () => {
  const { service, at, hear, summary, losses, events } = setUp();
  at(atStep(3, () => void service.stop()));
  await service.start(request('a', { evalEvery: 2 }), hear);
  expect(await summary('a')).toMatchObject({ status: 'stopped', stepsDone: 3, checkpointStep: 3, from: 'tiny' });
  at(() => {});
  events.length = 0;
  const { best } = await service.continueRun('a', hear);
  expect(events.find(({ type }) => type === 'started')).toMatchObject({ firstStep: 3, carriedClasses: 2 });
  expect(await losses('a')).toHaveLength(6);
  const kept = await summary('a');
  expect(kept).toMatchObject({ status: 'done', stepsDone: 6, best });
  expect(best).not.toBeNull();
  expect(kept.bytes).toBeGreaterThan(10_000);
  expect(kept.seconds).toBeGreaterThan(0);
  await expect(service.continueRun('a', hear)).rejects.toMatchObject({
    code: 'usage',
    message: /made all its 6 steps/,
  });
});

test('training goes on where a checkpoint finds no room, the older one stays, and that is said once', async () => {
  const { service, at, hear, summary, notices, database } = setUp();
  at(
    atStep(3, () => {
      database.checkpoints.quotaBytes = 1000;
    }),
  );
  const failed = await service.start(request('a'), hear).catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: 'storage' });
  const kept = await summary('a');
  expect(kept).toMatchObject({ status: 'failed', stepsDone: 6, checkpointStep: 2 });
  expect(kept.message).toMatch(/needs .* are free/);
  expect(notices()).toEqual([expect.stringMatching(/could not be kept.*Training goes on/)]);

  database.checkpoints.quotaBytes = Number.POSITIVE_INFINITY;
  expect((await service.continueRun('a', hear)).steps).toBe(6);
});

test('a run is not taken up on data that changed, nor without data, and a missing run is said', async () => {
  let current = dataSet;
  const { service, at, hear, summary } = setUp({ dataSet: async () => current });
  at(atStep(2, () => void service.stop()));
  await service.start(request('a'), hear);
  current = { ...dataSet, hash: 'another' };
  await expect(service.continueRun('a', hear)).rejects.toMatchObject({
    code: 'bad-data-set',
    message: expect.stringMatching(/has changed since "run a" began/),
  });
  expect(await summary('a')).toMatchObject({ status: 'stopped', checkpointStep: 2 });
  await expect(service.continueRun('b', hear)).rejects.toMatchObject({ code: 'not-found' });
});

test('one run at a time; an estimate is refused meanwhile, and keeps nothing', async () => {
  const { service, at, hear, database } = setUp();
  const estimate = await service.estimate(request('e', { steps: 100, evalEvery: 50 }));
  expect(estimate.secondsPerStep).toBeGreaterThan(0);
  expect(estimate.gpuBytes).toBeGreaterThan(100_000);
  expect(estimate.carriedClasses).toBe(2);
  expect(estimate.seconds).toBeCloseTo(100 * estimate.secondsPerStep + 3 * (estimate.secondsPerEvaluation ?? 0), 6);
  expect(await database.runs.keys([])).toEqual([]);
  expect(await database.checkpoints.keys([])).toEqual([]);

  const refused: Promise<unknown>[] = [];
  const refusal = (question: Promise<unknown>) => question.catch((error: unknown) => error);
  at(
    atStep(1, () => {
      refused.push(refusal(service.start(request('b'), hear)), refusal(service.estimate(request('e'))));
    }),
  );
  await service.start(request('a'), hear);
  expect(await Promise.all(refused)).toMatchObject([{ code: 'usage' }, { code: 'usage' }]);
});

test('time in which the tab was frozen or the run paused is no training, and freezing is said', async () => {
  let clock = 0;
  const { service, at, hear, summary, notices, events } = setUp({ now: () => (clock += 1) });
  at((event) => {
    if (event.type !== 'step') return;
    if (event.record.step === 2) {
      clock += 600_000;
      void service.wasFrozen(600_000);
    }
    if (event.record.step === 4) {
      void service.pause();
      setTimeout(() => {
        clock += 900_000;
        void service.resume();
      }, 20);
    }
  });
  await service.start(request('a'), hear);
  expect(notices()).toEqual(['The browser froze this tab for 10 min; training goes on where it was.']);
  expect((await summary('a')).seconds).toBeLessThan(60);
  for (const event of events) if (event.type === 'step') expect(event.record.images_per_second).toBeGreaterThan(1);
});

test('a first test of a set trains and is evaluated on its first pictures alone', async () => {
  const { service, hear, events, summary } = setUp();
  await service.start(request('a', { overfitPictures: 2, steps: 2, evalEvery: 2 }), hear);
  const pictures = events.flatMap((event) =>
    event.type === 'eval' ? [event.pictures.map(({ sampleId }) => sampleId)] : [],
  );
  expect(pictures.map((ids) => ids.toSorted())).toEqual([
    ['p0', 'p1'],
    ['p0', 'p1'],
  ]);
  expect((await summary('a')).settings.overfitPictures).toBe(2);
});
