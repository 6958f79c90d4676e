import { StudioError } from '../base/errors.ts';
import { sharedPromise } from '../base/shared-promise.ts';
import type { DataSet, DecodeImage } from '../data/types.ts';
import { type Checkpoint, WEIGHTS_FILE } from '../interop/checkpoint-files.ts';
import { createGpuSession } from '../tf/index.ts';
import { runTraining } from './loop.ts';
import { memoryRunStore } from './memory-run-store.ts';
import { startingPoint } from './start.ts';
import type { CheckpointKind, RunStore, TrainEvent, TrainResult, TrainSettings } from './types.ts';

/** What the service is given: the platform's sides of each port. */
export interface TrainPorts {
  readonly gpu: () => Promise<GPU | undefined>;
  readonly decode: DecodeImage;
  readonly bundledCheckpoint: () => Promise<Checkpoint>;
  readonly bundledDataSet: () => Promise<DataSet>;
  /** A clock in milliseconds that never goes back. */
  readonly now: () => number;
}

export interface TrainService {
  adapter(): Promise<{ readonly name: string; readonly software: boolean }>;
  /** Trains from the bundled checkpoint on the bundled sample; resolves when the run has ended or was stopped. */
  start(settings: TrainSettings, onEvents: (events: readonly TrainEvent[]) => void): Promise<TrainResult>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends the run after the step in hand. */
  stop(): Promise<void>;
  /** One complete `.safetensors`. Throws `not-found` before the first checkpoint. */
  weights(kind: CheckpointKind): Promise<{ readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }>;
  /** The encoded picture of a sample. */
  samplePicture(sampleId: string): Promise<Uint8Array<ArrayBuffer>>;
}

interface Going {
  readonly stop: AbortController;
  paused: { readonly until: Promise<void>; readonly release: () => void } | null;
}

/** One run at a time on one device. A run's checkpoints stay until the next run begins. */
export function createTrainService(ports: TrainPorts): TrainService {
  const session = sharedPromise(async () => createGpuSession(await ports.gpu(), { onLost: () => session.forget() }));
  const dataSet = sharedPromise(ports.bundledDataSet);
  let going: Going | null = null;
  let store: RunStore | null = null;

  const train = async (settings: TrainSettings, run: Going, onEvent: (event: TrainEvent) => void) => {
    const loading = { type: 'progress', phase: 'loading', total: 2, perSecond: null, secondsLeft: null } as const;
    onEvent({ ...loading, done: 0 });
    const [from, data] = await Promise.all([ports.bundledCheckpoint(), dataSet.get()]);
    onEvent({ ...loading, done: 1 });
    const gpu = await session.get();
    const start = startingPoint(from, data, settings);
    const newStore = memoryRunStore(data.name);
    store = newStore;
    return runTraining({
      session: gpu,
      dataSet: data,
      ...start,
      settings,
      store: newStore,
      decode: ports.decode,
      now: ports.now,
      onEvent,
      signal: run.stop.signal,
      gate: () => run.paused?.until,
    });
  };

  return {
    async adapter() {
      return (await session.get()).adapter;
    },
    async start(settings, onEvents) {
      if (going) throw new StudioError('usage', 'A run is going on already. Stop it before you start another.');
      const run: Going = { stop: new AbortController(), paused: null };
      going = run;
      try {
        return await train(settings, run, (event) => onEvents([event]));
      } finally {
        going = null;
      }
    },
    async pause() {
      if (!going || going.paused) return;
      let release = () => {};
      const until = new Promise<void>((resolve) => {
        release = resolve;
      });
      going.paused = { until, release };
    },
    async resume() {
      going?.paused?.release();
      if (going) going.paused = null;
    },
    async stop() {
      going?.stop.abort();
      going?.paused?.release();
    },
    async weights(kind) {
      const files = await store?.loadCheckpoint(kind);
      const bytes = files?.get(WEIGHTS_FILE);
      if (!bytes) throw new StudioError('not-found', 'There are no weights yet. Start a run first.');
      return { name: `${store?.out ?? 'run'}-${kind}.safetensors`, bytes: Uint8Array.from(bytes) };
    },
    async samplePicture(sampleId) {
      return Uint8Array.from(await (await dataSet.get()).imageBytes(sampleId));
    },
  };
}
