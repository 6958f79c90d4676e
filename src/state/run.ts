import { createStore, type StoreApi } from 'zustand/vanilla';
import { StudioError, toStudioError } from '../base/errors.ts';
import type { TrainApi, TrainResult, TrainSettings, WeightsFile } from '../rpc/protocol.ts';
import { EMPTY_LOG, type RunLog, withEvents } from './run-events.ts';

export type RunPhase =
  | 'idle'
  | 'starting' // asked for, nothing heard yet
  | 'running'
  | 'paused'
  | 'stopping' // asked to end after the step in hand
  | 'done'
  | 'stopped' // ended on request; its weights stay
  | 'failed';

export interface RunState {
  readonly name: string;
  readonly phase: RunPhase;
  readonly log: RunLog;
  readonly result: TrainResult | null;
  /** Why it failed, or why the last button did not do what it says. */
  readonly error: StudioError | null;
  /** Object URLs by sample id. */
  readonly pictureUrls: Readonly<Record<string, string>>;
  start(settings: TrainSettings): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
  /** The weights of this run; null where that failed, and then `error` says why. */
  weights(kind: 'best' | 'last'): Promise<WeightsFile | null>;
}

/** True while the train worker is busy with a run, paused ones included. */
export function isActive(phase: RunPhase): boolean {
  return phase === 'starting' || phase === 'running' || phase === 'paused' || phase === 'stopping';
}

/** True where weights can be had: the run took a step or kept a checkpoint, and no longer goes on. */
export function hasWeights({ phase, log }: Pick<RunState, 'phase' | 'log'>): boolean {
  const ended = phase === 'done' || phase === 'stopped' || phase === 'failed';
  return ended && (log.hasCheckpoint || log.steps.length > 0);
}

/** The one run of this page, driven by the train worker. */
export function createRunStore(train: TrainApi): StoreApi<RunState> {
  let runsStarted = 0;
  return createStore<RunState>()((set, get) => {
    /** Asks the worker; what goes wrong is shown and the run stays as it was. */
    const ask = async (question: () => Promise<void>, then: RunPhase, from: readonly RunPhase[]): Promise<void> => {
      if (!from.includes(get().phase)) return;
      const before = get().phase;
      set({ phase: then, error: null });
      try {
        await question();
      } catch (thrown) {
        const error = toStudioError(thrown);
        set(get().phase === then ? { phase: before, error } : { error });
      }
    };

    const fetchPictures = async (): Promise<void> => {
      for (const { sampleId } of get().log.pictures) {
        if (get().pictureUrls[sampleId] !== undefined) continue;
        try {
          const url = URL.createObjectURL(new Blob([await train.samplePicture(sampleId)]));
          set({ pictureUrls: { ...get().pictureUrls, [sampleId]: url } });
        } catch (thrown) {
          set({ error: toStudioError(thrown) });
          return;
        }
      }
    };

    return {
      name: '',
      phase: 'idle',
      log: EMPTY_LOG,
      result: null,
      error: null,
      pictureUrls: {},

      start: async (settings) => {
        if (isActive(get().phase)) {
          set({ error: new StudioError('usage', 'A run is going on already. Stop it before you start another.') });
          return;
        }
        runsStarted += 1;
        const name = `emoji-scenes ${runsStarted}`;
        set({ name, phase: 'starting', log: { ...EMPTY_LOG, settings }, result: null, error: null });
        try {
          const result = await train.start(settings, (events) => {
            const { log, phase } = get();
            set({ log: withEvents(log, events), ...(phase === 'starting' ? { phase: 'running' as const } : {}) });
            if (events.some((event) => event.type === 'eval')) void fetchPictures();
          });
          set({ phase: get().phase === 'stopping' ? 'stopped' : 'done', result });
        } catch (thrown) {
          const error = toStudioError(thrown);
          const stoppedOnRequest = get().phase === 'stopping' && error.code === 'cancelled';
          set(stoppedOnRequest ? { phase: 'stopped' } : { phase: 'failed', error });
        }
      },
      pause: () => ask(() => train.pause(), 'paused', ['running']),
      resume: () => ask(() => train.resume(), 'running', ['paused']),
      stop: () => ask(() => train.stop(), 'stopping', ['starting', 'running', 'paused']),

      weights: async (kind) => {
        try {
          return await train.weights(kind);
        } catch (thrown) {
          set({ error: toStudioError(thrown) });
          return null;
        }
      },
    };
  });
}
