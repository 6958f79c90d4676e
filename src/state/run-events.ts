import type {
  EvalPicture,
  EvalRecord,
  RunHistory,
  StepRecord,
  TrainEvent,
  TrainResult,
  TrainSettings,
} from '../rpc/protocol.ts';
import { RunCurves } from './run-curves.ts';

/** What a run has told so far, in memory that does not grow with its length. */
export interface RunLog {
  readonly settings: TrainSettings | null;
  /** The index is the label id. */
  readonly classes: readonly string[];
  /** Null until the run says it. */
  readonly carriedClasses: number | null;
  /** Where this run goes to: fewer than its settings say where its time is limited. */
  readonly totalSteps: number;
  readonly firstRecord: StepRecord | null;
  readonly lastRecord: StepRecord | null;
  /** Grows in place: `version` tells when it has changed. */
  readonly curves: RunCurves;
  readonly version: number;
  /** Without figures by class; of very many every second is left out, and the best never. */
  readonly evals: readonly EvalRecord[];
  /** The first pictures of the last evaluation, and the step after which it was made. */
  readonly pictures: readonly EvalPicture[];
  readonly picturesStep: number | null;
  readonly progress: Extract<TrainEvent, { type: 'progress' }> | null;
  /** Pictures a second of the last evaluation, as far as it told. */
  readonly evalPerSecond: number | null;
  /** The newest ones, oldest first, each once. */
  readonly notices: readonly string[];
  /** From which step it could go on, and when that was saved; null before the first. */
  readonly saved: { readonly step: number; readonly atMs: number } | null;
}

const MOST_NOTICES = 5;
const MOST_EVALS = 500;
const MOST_PICTURES = 12;

/** The log of a run that has told nothing yet. */
export function emptyLog(settings: TrainSettings | null = null): RunLog {
  return {
    settings,
    classes: [],
    carriedClasses: null,
    totalSteps: settings?.steps ?? 0,
    firstRecord: null,
    lastRecord: null,
    curves: new RunCurves(),
    version: 0,
    evals: [],
    pictures: [],
    picturesStep: null,
    progress: null,
    evalPerSecond: null,
    notices: [],
    saved: null,
  };
}

/** The log of a kept run as far as it is saved: from there it goes on. */
export function logOfHistory({ summary, steps, evals }: RunHistory): RunLog {
  const until = summary.checkpointStep ?? 0;
  const log = withEvents(
    { ...emptyLog(summary.settings), classes: summary.classes },
    steps.filter(({ step }) => step <= until).map((record) => ({ type: 'step', record })),
  );
  const kept = evals.filter(({ step }) => step <= until).map(withoutClasses);
  const saved = summary.checkpointStep === null ? null : { step: summary.checkpointStep, atMs: Date.now() };
  return { ...log, evals: thinnedEvals(kept), saved };
}

/** The log after these events, in order; all but the curves of the given log stays as it was. */
export function withEvents(log: RunLog, events: readonly TrainEvent[], nowMs: number = Date.now()): RunLog {
  return events.reduce((next, event) => withEvent(next, event, nowMs), log);
}

function withEvent(log: RunLog, event: TrainEvent, nowMs: number): RunLog {
  switch (event.type) {
    case 'started': {
      const { settings, classes, carriedClasses, firstStep } = event;
      // What came after the checkpoint from which a run goes on is taken again.
      log.curves.cutAfter(firstStep);
      const beyond = (log.lastRecord?.step ?? 0) > firstStep;
      return {
        ...log,
        settings,
        classes,
        carriedClasses,
        totalSteps: settings.steps,
        lastRecord: beyond ? null : log.lastRecord,
        evals: log.evals.filter(({ step }) => step <= firstStep),
        version: log.version + 1,
      };
    }
    case 'step':
      log.curves.append(event.record);
      return {
        ...log,
        firstRecord: log.firstRecord ?? event.record,
        lastRecord: event.record,
        version: log.version + 1,
      };
    case 'progress':
      return {
        ...log,
        progress: event,
        totalSteps: event.phase === 'training' ? event.total : log.totalSteps,
        evalPerSecond: event.phase === 'evaluating' ? (event.perSecond ?? log.evalPerSecond) : log.evalPerSecond,
      };
    case 'eval':
      return {
        ...log,
        evals: thinnedEvals([...log.evals, withoutClasses(event.record)]),
        pictures: event.pictures.slice(0, MOST_PICTURES),
        picturesStep: event.record.step,
      };
    case 'checkpoint':
      return event.kind === 'last' ? { ...log, saved: { step: event.step, atMs: nowMs } } : log;
    case 'notice':
      return {
        ...log,
        notices: [...log.notices.filter((other) => other !== event.message), event.message].slice(-MOST_NOTICES),
      };
  }
}

/** Tables by class are large, and nothing here shows them. */
function withoutClasses({ step, eval: { voc, coco } }: EvalRecord): EvalRecord {
  return { step, eval: { voc: { ...voc, per_class: {} }, coco: { ...coco, per_class: {} } } };
}

function thinnedEvals(evals: readonly EvalRecord[]): readonly EvalRecord[] {
  if (evals.length <= MOST_EVALS) return evals;
  const best = bestEval(evals)?.step;
  return evals.filter(({ step }, index) => index % 2 === 0 || index === evals.length - 1 || step === best);
}

/** The evaluation with the highest AP50, the first of equals; null before the first. */
export function bestEval(
  evals: readonly EvalRecord[],
): { readonly step: number; readonly map50: number; readonly AP: number | null } | null {
  let best: { step: number; map50: number; AP: number | null } | null = null;
  for (const { step, eval: report } of evals) {
    const map50 = report.voc.map50;
    if (map50 !== null && (best === null || map50 > best.map50)) best = { step, map50, AP: report.coco.AP };
  }
  return best;
}

/** The best evaluation of a run, also where it was made before what this page has seen. */
export function bestOf(log: RunLog, result: TrainResult | null): ReturnType<typeof bestEval> {
  const seen = bestEval(log.evals);
  const told = result?.best;
  if (told === null || told === undefined || told.map50 === null) return seen;
  return { step: told.step, map50: told.map50, AP: told.AP };
}
