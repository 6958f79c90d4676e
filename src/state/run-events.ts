import type { EvalPicture, EvalRecord, StepRecord, TrainEvent, TrainSettings } from '../rpc/protocol.ts';

/** What a run has told so far. */
export interface RunLog {
  readonly settings: TrainSettings | null;
  /** The index is the label id. */
  readonly classes: readonly string[];
  readonly carriedClasses: number;
  readonly steps: readonly StepRecord[];
  readonly evals: readonly EvalRecord[];
  /** The pictures of the last evaluation, and the step after which it was made. */
  readonly pictures: readonly EvalPicture[];
  readonly picturesStep: number | null;
  readonly progress: Extract<TrainEvent, { type: 'progress' }> | null;
  readonly notices: readonly string[];
  /** True once weights can be fetched. */
  readonly hasCheckpoint: boolean;
}

export const EMPTY_LOG: RunLog = {
  settings: null,
  classes: [],
  carriedClasses: 0,
  steps: [],
  evals: [],
  pictures: [],
  picturesStep: null,
  progress: null,
  notices: [],
  hasCheckpoint: false,
};

/** The log after these events, in order; the given log is not changed. */
export function withEvents(log: RunLog, events: readonly TrainEvent[]): RunLog {
  const newSteps: StepRecord[] = [];
  let next = log;
  for (const event of events) {
    if (event.type === 'step') newSteps.push(event.record);
    else next = withEvent(next, event);
  }
  // One copy for all steps of a message: a long run has many thousands.
  return newSteps.length === 0 ? next : { ...next, steps: [...next.steps, ...newSteps] };
}

function withEvent(log: RunLog, event: Exclude<TrainEvent, { type: 'step' }>): RunLog {
  switch (event.type) {
    case 'started':
      return { ...log, settings: event.settings, classes: event.classes, carriedClasses: event.carriedClasses };
    case 'progress':
      return { ...log, progress: event };
    case 'eval':
      return {
        ...log,
        evals: [...log.evals, event.record],
        pictures: event.pictures,
        picturesStep: event.record.step,
      };
    case 'checkpoint':
      return { ...log, hasCheckpoint: true };
    case 'notice':
      return { ...log, notices: [...log.notices, event.message] };
  }
}

/** The evaluation with the highest AP50, the first of equals; null before the first. */
export function bestEval(evals: readonly EvalRecord[]): { readonly step: number; readonly map50: number } | null {
  let best: { step: number; map50: number } | null = null;
  for (const { step, eval: report } of evals) {
    const map50 = report.voc.map50;
    if (map50 !== null && (best === null || map50 > best.map50)) best = { step, map50 };
  }
  return best;
}
