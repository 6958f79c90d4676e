import { StudioError, toStudioError } from '../base/errors.ts';
import type { DataSet, DecodeImage } from '../data/types.ts';
import type { Checkpoint } from '../interop/checkpoint-files.ts';
import type { WeightsSource } from '../interop/types.ts';
import type { GpuSession } from '../tf/index.ts';
import type { AdapterStore } from '../tf/types.ts';
import { GoingRun } from './going-run.ts';
import { keptRunStore } from './kept-run-store.ts';
import { keptRun, tidyRuns } from './kept-runs.ts';
import { runTraining, type TrainingRun } from './loop.ts';
import { measureRun } from './measure-run.ts';
import { pointOfReturn, type ReadyRun, readyRun } from './ready-run.ts';
import { RunKeeper } from './run-keeper.ts';
import { newRun } from './run-record.ts';
import { trainingDevice } from './training-device.ts';
import type {
  FeatureStore,
  RunDatabase,
  RunEstimate,
  RunRecord,
  RunRequest,
  TrainEvent,
  TrainResult,
} from './types.ts';

/** What the service is given: the platform's sides of each port. */
export interface TrainPorts {
  readonly gpu: () => Promise<GPU | undefined>;
  readonly decode: DecodeImage;
  readonly pictureWorkers?: TrainingRun['pictureWorkers'];
  readonly dataSet: (id: string, hash?: string) => Promise<DataSet>;
  readonly openWeights: (source: WeightsSource) => Promise<{ readonly checkpoint: Checkpoint; readonly name: string }>;
  readonly database: RunDatabase;
  /** Where features of a data set are kept. */
  readonly features: (dataSetId: string) => FeatureStore;
  readonly adapters: AdapterStore;
  /** Does something that only one tab may do at a time. Throws `usage` where another does it. */
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T>;
  /** Whether a run goes on, in whatever tab. */
  readonly isTraining: () => Promise<boolean>;
  /** Does something while no other tab puts the kept runs in order. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** A clock in milliseconds that never goes back. */
  readonly now: () => number;
  /** The time of day, in milliseconds since 1970. */
  readonly date: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** What the run is made with, for run.json. */
  readonly versions: Readonly<Record<string, string>>;
  /** Whether the device may be destroyed on request, which only a development build wants. */
  readonly mayLoseDevice: boolean;
}

type OnEvents = (events: readonly TrainEvent[]) => void;

/** Training of one run at a time, kept in a database. See `TrainApi` of the protocol for what each throws. */
export interface TrainService {
  adapter(): Promise<{ readonly name: string; readonly software: boolean }>;
  /** Takes a few steps that are thrown away. A start puts an end to it (`cancelled`). */
  estimate(request: RunRequest): Promise<RunEstimate>;
  start(request: RunRequest, onEvents: OnEvents): Promise<TrainResult>;
  /** Goes on with a kept run from its last checkpoint. */
  continueRun(runId: string, onEvents: OnEvents): Promise<TrainResult>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends the run, or the estimate, after the step in hand. */
  stop(): Promise<void>;
  wasFrozen(milliseconds: number): Promise<void>;
  loseDevice(): Promise<void>;
}

const GOES_ON = 'A run is going on already. Stop it before you start another.';

/** The service on one device. */
export function createTrainService(ports: TrainPorts): TrainService {
  const { database, now } = ports;
  const device = trainingDevice(ports.gpu, ports.wait);
  const workers = ports.pictureWorkers && { pictureWorkers: ports.pictureWorkers };
  let going: GoingRun | null = null;
  let measuring: { readonly stop: AbortController; readonly over: Promise<void> } | null = null;

  /** One run at a time, here and in other tabs. */
  const alone = async (onEvents: OnEvents, work: (run: GoingRun) => Promise<TrainResult>): Promise<TrainResult> => {
    if (going) throw new StudioError('usage', GOES_ON);
    const run = new GoingRun((event) => onEvents([event]));
    going = run;
    try {
      measuring?.stop.abort();
      await measuring?.over;
      return await ports.exclusively(async () => {
        await ports.inTurn(() => tidyRuns(database));
        return work(run);
      });
    } finally {
      going = null;
    }
  };

  const train = async (run: GoingRun, { summary }: RunRecord, ready: ReadyRun): Promise<TrainResult> => {
    const { id, name, dataSet } = summary;
    const keeper = new RunKeeper(database, id, now);
    const store = keptRunStore(database, { id, name, onNotice: (message) => run.onEvent({ type: 'notice', message }) });
    let length = ready.settings.steps;
    const onDevice = (session: GpuSession): TrainingRun => ({
      ...ready,
      session,
      store,
      features: ports.features(dataSet.id),
      decode: ports.decode,
      ...workers,
      adapters: ports.adapters,
      now,
      signal: run.signal,
      gate: () => run.gate(),
      takeFrozenMs: () => run.takeFrozenMs(),
      onEvent(event) {
        if (event.type === 'checkpoint' && event.kind === 'last') keeper.checkpointed(event.step);
        run.onEvent(event);
      },
      onAdvance({ step, steps, seconds, best }) {
        length = steps;
        keeper.change({ stepsDone: step, seconds, best });
      },
    });
    try {
      const result = await runTraining(onDevice(await device.getFor(sizesOf(ready))));
      const { steps: stepsDone, seconds, best } = result;
      const status = run.signal.aborted && stepsDone < length ? 'stopped' : 'done';
      await keeper.finish({ status, stepsDone, seconds, best });
      return result;
    } catch (thrown) {
      const error = toStudioError(thrown);
      // What went wrong first is what is told.
      await keeper.finish({ status: 'failed', message: error.message }).catch(() => {});
      throw error;
    }
  };

  return {
    async adapter() {
      return (await device.get()).adapter;
    },
    async estimate(request) {
      if (going) throw new StudioError('usage', GOES_ON);
      if (measuring) throw new StudioError('usage', 'Steps are being measured already. Wait until that is done.');
      const stop = new AbortController();
      // Taken note of before anything is awaited: a start that comes meanwhile has to know of it.
      const measured = (async () => {
        if (await ports.isTraining()) throw new StudioError('usage', GOES_ON);
        const ready = await readyRun(ports, request);
        stop.signal.throwIfAborted();
        const session = await device.getFor(sizesOf(ready));
        const { decode, adapters } = ports;
        return measureRun({ ...ready, ...workers, session, decode, adapters, now, signal: stop.signal });
      })();
      const over = measured.then(
        () => {},
        () => {},
      );
      measuring = { stop, over };
      try {
        return await measured;
      } catch (thrown) {
        throw toStudioError(thrown);
      } finally {
        measuring = null;
      }
    },
    start: (request, onEvents) =>
      alone(onEvents, async (run) => {
        const loading = { type: 'progress', phase: 'loading', total: 2, perSecond: null, secondsLeft: null } as const;
        run.onEvent({ ...loading, done: 0 });
        const ready = await readyRun(ports, request);
        run.onEvent({ ...loading, done: 1 });
        for (const message of ready.notices) run.onEvent({ type: 'notice', message });
        const { adapter } = await device.get();
        const record = newRun(request, ready, { adapter, startedAtMs: ports.date(), versions: ports.versions });
        await database.runs.put([[[request.id], record]]);
        return train(run, record, ready);
      }),
    continueRun: (runId, onEvents) =>
      alone(onEvents, async (run) => {
        const record = await keptRun(database, runId);
        const ready = await pointOfReturn(ports, record, (message) => run.onEvent({ type: 'notice', message }));
        await device.get();
        await ready.store.truncateMetrics(ready.resumeFrom.step);
        await new RunKeeper(database, runId, now).finish({
          status: 'going',
          message: null,
          stepsDone: ready.resumeFrom.step,
          checkpointStep: ready.resumeFrom.step,
          best: ready.resumeFrom.best,
        });
        return train(run, record, ready);
      }),
    async pause() {
      going?.pause();
    },
    async resume() {
      going?.resume();
    },
    async stop() {
      going?.stop();
      measuring?.stop.abort();
    },
    async wasFrozen(milliseconds) {
      going?.froze(milliseconds);
    },
    async loseDevice() {
      if (!ports.mayLoseDevice) throw new StudioError('usage', 'Only a development build loses its device on request.');
      (await device.get()).device.destroy();
    },
  };
}

/** What the sizes of all buffers follow from. */
function sizesOf({ dataSet, fromName, settings }: ReadyRun): string {
  return JSON.stringify([
    dataSet.hash,
    fromName,
    settings.size,
    settings.batch,
    settings.recompute,
    settings.freezeBackbone,
    settings.freezeEncoder,
  ]);
}
