import { createStore, type StoreApi } from 'zustand/vanilla';
import { BUNDLED_SET_ID } from '../base/bundled.ts';
import type { ClassMap } from '../base/class-rows.ts';
import { StudioError, toStudioError } from '../base/errors.ts';
import { randomId } from '../base/random-id.ts';
import type {
  EditApi,
  OfferedFile,
  RunRequest,
  RunsApi,
  TrainApi,
  TrainEvent,
  TrainResult,
  WeightsSource,
} from '../rpc/protocol.ts';
import {
  type EstimateCase,
  keepSpeeds,
  keptSpeeds,
  type MeasuredSpeeds,
  speedKey,
  speedOfEstimate,
  withSpeed,
} from './estimates.ts';
import { type Memory, pageMemory } from './page-memory.ts';
import type { RunElsewhere } from './run-elsewhere.ts';
import { emptyLog, logOfHistory, type RunLog, withEvents } from './run-events.ts';
import { idsLeftAsTheyAre, rememberLeft } from './runs-left.ts';

export type RunPhase =
  | 'idle'
  | 'starting' // asked for, nothing heard yet
  | 'running'
  | 'paused'
  | 'stopping' // asked to end after the step in hand
  | 'done'
  | 'stopped' // ended on request; its weights stay
  | 'failed';

/** What a run needs to start, with what is known of it on the page. */
export interface RunStart {
  readonly name: string;
  readonly dataSet: { readonly id: string; readonly name: string };
  readonly from: RunRequest['from'];
  readonly settings: RunRequest['settings'];
  /** From which rows of the weights classes start, where that is not the proposal. */
  readonly classMap?: ClassMap;
  /** What its speed will be remembered for; null where the adapter is not known. */
  readonly measuredAs: EstimateCase | null;
}

/** A start of which a few steps can be measured. */
export interface MeasurableStart extends RunStart {
  readonly measuredAs: EstimateCase;
}

export interface RunState {
  /** Null before the first run of this page. */
  readonly id: string | null;
  readonly name: string;
  readonly dataSet: { readonly id: string; readonly name: string } | null;
  readonly phase: RunPhase;
  readonly log: RunLog;
  readonly result: TrainResult | null;
  /** Why it failed, or why the last button did not do what it says. */
  readonly error: StudioError | null;
  /** What another tab of this browser trains. */
  readonly elsewhere: RunElsewhere | null;
  /** What steps took, as measured before. */
  readonly speeds: MeasuredSpeeds;
  /** Of the last measurement; null before the first of this page. */
  readonly lastSpeedKey: string | null;
  readonly estimating: boolean;
  readonly estimateError: StudioError | null;
  /** Interrupted runs that are not offered again, by id. */
  readonly leftAsTheyAre: readonly string[];
  start(start: RunStart): Promise<void>;
  /** Goes on with a kept run from its last checkpoint. */
  continueRun(runId: string): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
  /** Takes a few steps of each of such runs, one after the other, to know how long they will take; the first is the one shown. */
  estimate(starts: readonly MeasurableStart[]): Promise<void>;
  /** The browser let nothing run for so long. */
  wasFrozen(milliseconds: number): Promise<void>;
  /** The classes of weights, slots that stand for none among them. Throws where they cannot be read. */
  classesOf(source: WeightsSource): Promise<readonly string[]>;
  /** The weights of this run; null where that failed, and then `error` says why. */
  weights(kind: 'best' | 'last'): Promise<OfferedFile | null>;
  leaveAsItIs(runId: string): void;
  /** Puts away what failed. */
  dismissError(): void;
}

/** True while the train worker is busy with a run, paused ones included. */
export function isActive(phase: RunPhase): boolean {
  return phase === 'starting' || phase === 'running' || phase === 'paused' || phase === 'stopping';
}

/** True where weights can be had: the run took a step or kept a checkpoint, and no longer goes on. */
export function hasWeights({ phase, log }: Pick<RunState, 'phase' | 'log'>): boolean {
  const ended = phase === 'done' || phase === 'stopped' || phase === 'failed';
  return ended && (log.saved !== null || log.evals.length > 0);
}

/** The one run of this page, driven by the train worker; `onRunsChanged` hears when the kept runs are no longer as they were. */
export function createRunStore(
  train: TrainApi,
  files: Pick<RunsApi, 'runHistory' | 'runWeights'> & Pick<EditApi, 'sealVersion'>,
  onRunsChanged: () => void = () => {},
  memory: Memory | null = pageMemory(),
): StoreApi<RunState> {
  /** By the source itself: two files of one name are not the same. */
  const classesAsked = new WeakMap<WeightsSource, Promise<readonly string[]>>();

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

    /** Why nothing can start now, or null. */
    const busy = (): StudioError | null => {
      const { phase, elsewhere, estimating } = get();
      if (isActive(phase))
        return new StudioError('usage', 'A run is going on already. Stop it before you start another.');
      if (elsewhere !== null) return new StudioError('usage', elsewhereSentence(elsewhere));
      return estimating
        ? new StudioError('usage', 'Steps are being measured for an estimate. Wait until that is done, then start.')
        : null;
    };

    const follow = async (
      id: string,
      go: (onEvents: (events: readonly TrainEvent[]) => void) => Promise<TrainResult>,
    ): Promise<void> => {
      try {
        const result = await go((events) => {
          const { log, phase, id: now } = get();
          // A message may come after the end, and be of the run before.
          if (now !== id || !isActive(phase)) return;
          set({ log: withEvents(log, events), ...(phase === 'starting' ? { phase: 'running' as const } : {}) });
          if (events.some(({ type }) => type === 'started')) onRunsChanged();
        });
        set({ phase: get().phase === 'stopping' ? 'stopped' : 'done', result });
      } catch (thrown) {
        const error = toStudioError(thrown);
        const stoppedOnRequest = get().phase === 'stopping' && error.code === 'cancelled';
        set(stoppedOnRequest ? { phase: 'stopped' } : { phase: 'failed', error });
      }
      onRunsChanged();
    };

    const remember = (key: string, speed: MeasuredSpeeds[string]): void => {
      const speeds = withSpeed(get().speeds, key, speed);
      set({ speeds });
      keepSpeeds(memory, speeds);
    };

    return {
      id: null,
      name: '',
      dataSet: null,
      phase: 'idle',
      log: emptyLog(),
      result: null,
      error: null,
      elsewhere: null,
      speeds: keptSpeeds(memory),
      lastSpeedKey: null,
      estimating: false,
      estimateError: null,
      leftAsTheyAre: idsLeftAsTheyAre(memory),

      start: async ({ name, dataSet, from, settings, classMap, measuredAs }) => {
        const error = busy();
        if (error !== null) {
          set({ error });
          return;
        }
        const id = randomId();
        set({ id, name, dataSet, phase: 'starting', log: emptyLog(settings), result: null, error: null });
        await follow(id, async (onEvents) => {
          // What is edited from now on belongs to the next version.
          const version = dataSet.id === BUNDLED_SET_ID ? null : await files.sealVersion(dataSet.id);
          const request = {
            id,
            name,
            dataSetId: dataSet.id,
            ...(version !== null && version.number > 1 && { dataSetVersion: version.number }),
            from,
            settings,
            ...(classMap !== undefined && { classMap }),
          };
          return train.start(request, onEvents);
        });
        const { log } = get();
        const perSecond = log.lastRecord?.images_per_second ?? 0;
        if (measuredAs === null || perSecond <= 0 || get().id !== id) return;
        const key = speedKey(measuredAs);
        set({ lastSpeedKey: key });
        remember(key, {
          secondsPerStep: (settings.batch * settings.accumulate) / perSecond,
          secondsPerEvalPicture: log.evalPerSecond === null ? null : 1 / log.evalPerSecond,
          gpuBytes: null,
          savings: [],
        });
      },

      continueRun: async (id) => {
        const error = busy();
        if (error !== null) {
          set({ error });
          return;
        }
        const same = get().id === id;
        set({ id, phase: 'starting', result: null, error: null, ...(same ? {} : { name: '', log: emptyLog() }) });
        try {
          const history = await files.runHistory(id);
          const { name, dataSet } = history.summary;
          const before = get().log;
          const log = { ...logOfHistory(history), pictures: before.pictures, picturesStep: before.picturesStep };
          set({ name, dataSet, log });
        } catch (thrown) {
          set({ phase: 'failed', error: toStudioError(thrown) });
          return;
        }
        // Stopped before the worker knew of it.
        if (get().phase !== 'starting') {
          set({ phase: 'stopped' });
          return;
        }
        await follow(id, (onEvents) => train.continueRun(id, onEvents));
      },

      pause: () => ask(() => train.pause(), 'paused', ['running']),
      resume: () => ask(() => train.resume(), 'running', ['paused']),
      stop: () => ask(() => train.stop(), 'stopping', ['starting', 'running', 'paused']),

      estimate: async (starts) => {
        const error = busy();
        if (error !== null) {
          set({ estimateError: error });
          return;
        }
        set({ estimating: true, estimateError: null });
        try {
          for (const { name, dataSet, from, settings, measuredAs } of starts) {
            const estimate = await train.estimate({ id: randomId(), name, dataSetId: dataSet.id, from, settings });
            const key = speedKey(measuredAs);
            if (measuredAs === starts[0]?.measuredAs) set({ lastSpeedKey: key });
            remember(key, speedOfEstimate(estimate, measuredAs));
          }
        } catch (thrown) {
          set({ estimateError: toStudioError(thrown) });
        }
        set({ estimating: false });
      },

      wasFrozen: async (milliseconds) => {
        try {
          await train.wasFrozen(milliseconds);
        } catch (thrown) {
          set({ error: toStudioError(thrown) });
        }
      },

      classesOf: (source) => {
        const known = classesAsked.get(source) ?? train.classesOf(source);
        classesAsked.set(source, known);
        // What failed once may be there another time.
        known.catch(() => classesAsked.delete(source));
        return known;
      },

      weights: async (kind) => {
        const { id } = get();
        try {
          if (id === null)
            throw new StudioError('not-found', 'There is no run whose weights could be given. Start one first.');
          return await files.runWeights(id, kind);
        } catch (thrown) {
          set({ error: toStudioError(thrown) });
          return null;
        }
      },

      leaveAsItIs: (runId) => {
        const leftAsTheyAre = [...get().leftAsTheyAre, runId];
        set({ leftAsTheyAre });
        rememberLeft(memory, leftAsTheyAre);
      },
      dismissError: () => set({ error: null, estimateError: null }),
    };
  });
}

/** What another tab trains, in a sentence, as the reason why nothing can start here. */
export function elsewhereSentence({ name, step, steps }: RunElsewhere): string {
  if (name === '') return 'A run goes on in another tab. Wait for its end or stop it there.';
  return `“${name}” trains in another tab, step ${step} of ${steps}. Wait for its end or stop it there.`;
}
