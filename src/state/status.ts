import type { StudioError } from '../base/errors.ts';
import type { HubProgress, ImportProgress, ProjectProgress } from '../rpc/protocol.ts';
import { hubStatus } from './hub.ts';
import { importStatus } from './import-status.ts';
import type { PredictionState, ShownPicture } from './prediction.ts';
import { projectStatus } from './project.ts';
import { isActive, type RunState } from './run.ts';
import type { RunElsewhere } from './run-elsewhere.ts';
import { bestOf } from './run-events.ts';

/** What the status line says. */
export interface StatusReport {
  /** What runs, in words. */
  readonly what: string;
  /** How far it is, such as `step 240 of 800`; empty where nothing goes on. */
  readonly howFar: string;
  /** What is being done inside, such as `evaluating 12 of 80`; empty while it simply trains. */
  readonly phase: string;
  readonly imagesPerSecond: number | null;
  readonly secondsLeft: number | null;
  /** 0..1, or null where nothing goes on or nobody knows how far. */
  readonly fraction: number | null;
  readonly mood: 'idle' | 'busy' | 'bad';
}

const QUIET = {
  howFar: '',
  phase: '',
  imagesPerSecond: null,
  secondsLeft: null,
  fraction: null,
  mood: 'idle',
} as const;

type RunProgress = Pick<RunState, 'name' | 'phase' | 'log' | 'error' | 'result'>;
type PredictionProgress = Pick<PredictionState, 'weights' | 'loading' | 'weightsError'> & {
  readonly pictures: readonly Pick<ShownPicture, 'status'>[];
  /** Why nothing is predicted any more, where that is so. */
  readonly halted?: StudioError | null;
};

/** What else may go on; what is left out does not. */
export interface OtherWork {
  readonly importing?: ImportProgress | null;
  readonly fetching?: HubProgress | null;
  readonly project?: ProjectProgress | null;
  readonly evaluating?: { readonly done: number; readonly total: number; readonly secondsLeft: number | null } | null;
  /** A few steps are taken to know how long a run will take. */
  readonly estimating?: boolean;
  readonly elsewhere?: RunElsewhere | null;
}

/** The run first, then what a person waits for, then predictions and what other tabs do: the one place that tells what goes on. */
export function statusOf(run: RunProgress, prediction: PredictionProgress, others: OtherWork = {}): StatusReport {
  return (
    runStatus(run) ??
    importStatus(others.importing ?? null) ??
    projectStatus(others.project ?? null) ??
    hubStatus(others.fetching ?? null) ??
    evaluationStatus(others.evaluating ?? null) ??
    (others.estimating === true ? { ...QUIET, what: 'Measuring a few steps for the estimate', mood: 'busy' } : null) ??
    predictionStatus(prediction) ??
    elsewhereStatus(others.elsewhere ?? null) ??
    endedStatus(run)
  );
}

/** The run as other tabs are told of it. */
export function runReport(run: RunProgress): RunElsewhere {
  const { phase = '', imagesPerSecond = null, secondsLeft = null } = runStatus(run) ?? {};
  const paused = run.phase === 'paused' ? 'paused' : phase;
  return { name: run.name, step: stepOf(run), steps: run.log.totalSteps, phase: paused, imagesPerSecond, secondsLeft };
}

/** Why a run failed and what is saved of it, in sentences. */
export function failureSentence(error: StudioError, step: number, savedStep: number | null): string {
  if (step === 0 && savedStep === null) return `Training did not start: ${error.message}`;
  const saved =
    savedStep === null
      ? 'Nothing of it was saved.'
      : savedStep === 0
        ? 'Its start is saved.'
        : `Everything up to step ${savedStep} is saved.`;
  if (error.code === 'gpu-lost') return `Training stopped: the graphics card was lost at step ${step}. ${saved}`;
  return `Training stopped at step ${step}: ${error.message} ${saved}`;
}

function stepOf({ log }: RunProgress): number {
  return log.lastRecord?.step ?? log.saved?.step ?? 0;
}

function runStatus(run: RunProgress): StatusReport | null {
  const { name, phase, log } = run;
  if (!isActive(phase)) return null;
  const done = stepOf(run);
  const verb = { starting: 'Starting', paused: 'Paused', stopping: 'Stopping' }[phase as string] ?? 'Training';
  const moving = phase === 'running';
  const known = log.totalSteps > 0;
  return {
    what: name === '' ? 'Opening the run' : `${verb} "${name}"`,
    howFar: known ? `step ${done} of ${log.totalSteps}` : '',
    phase: phaseWords(log.progress),
    imagesPerSecond: moving ? (log.lastRecord?.images_per_second ?? null) : null,
    secondsLeft: moving ? secondsLeft(log) : null,
    fraction: known ? done / log.totalSteps : null,
    mood: 'busy',
  };
}

function phaseWords(progress: RunState['log']['progress']): string {
  if (progress === null || progress.phase === 'training') return '';
  const words = {
    loading: 'loading',
    measuring: 'finding the fastest kernels for this graphics card:',
    evaluating: 'evaluating',
    saving: 'saving',
  }[progress.phase];
  return progress.phase !== 'saving' && progress.total > 0 ? `${words} ${progress.done} of ${progress.total}` : words;
}

/** The loop's own estimate where it gives one, else none: a guess is worse than nothing. */
function secondsLeft({ progress }: RunState['log']): number | null {
  return progress?.phase === 'training' ? progress.secondsLeft : null;
}

function evaluationStatus(evaluating: NonNullable<OtherWork['evaluating']> | null): StatusReport | null {
  if (evaluating === null) return null;
  const { done, total, secondsLeft } = evaluating;
  const busy = { ...QUIET, what: 'Evaluating', mood: 'busy' } as const;
  return total === 0
    ? { ...busy, phase: 'loading' }
    : { ...busy, howFar: `picture ${done} of ${total}`, secondsLeft, fraction: done / total };
}

function elsewhereStatus(elsewhere: RunElsewhere | null): StatusReport | null {
  if (elsewhere === null) return null;
  const { name, step, steps, phase, imagesPerSecond, secondsLeft } = elsewhere;
  const busy = { ...QUIET, mood: 'busy' } as const;
  if (name === '') return { ...busy, what: 'A run goes on in another tab' };
  return {
    ...busy,
    what: `"${name}" trains in another tab`,
    howFar: `step ${step} of ${steps}`,
    phase,
    imagesPerSecond,
    secondsLeft,
    fraction: steps === 0 ? null : step / steps,
  };
}

function predictionStatus(prediction: PredictionProgress): StatusReport | null {
  const { weights, loading, weightsError, pictures, halted = null } = prediction;
  const busy = { ...QUIET, mood: 'busy' } as const;
  if (loading) return { ...busy, what: 'Loading weights' };
  const waiting = pictures.filter(({ status }) => status === 'waiting' || status === 'predicting').length;
  if (waiting === 0) return null;
  const waits = waiting === 1 ? '1 picture waits' : `${waiting} pictures wait`;
  if (weights === null && weightsError !== null) {
    return { ...QUIET, what: `The weights were not loaded: ${waits}`, mood: 'bad' };
  }
  if (halted !== null) return { ...QUIET, what: `Predicting has stopped: ${waits}`, mood: 'bad' };
  const done = pictures.length - waiting;
  const howFar = `picture ${Math.min(done + 1, pictures.length)} of ${pictures.length}`;
  return { ...busy, what: 'Predicting', howFar, fraction: done / pictures.length };
}

function endedStatus(run: RunProgress): StatusReport {
  const { name, phase, log, error, result } = run;
  const last = stepOf(run);
  const steps = `step ${last} of ${log.totalSteps}`;
  const best = bestOf(log, result);
  const ap = best === null ? '' : `best AP50 ${best.map50.toFixed(2)} at step ${best.step}`;
  switch (phase) {
    case 'done':
      return { ...QUIET, what: `Finished "${name}"`, howFar: steps, phase: ap };
    case 'stopped':
      return { ...QUIET, what: `Stopped "${name}"`, howFar: steps, phase: ap };
    case 'failed':
      return {
        ...QUIET,
        what:
          error === null ? `Training stopped at step ${last}` : failureSentence(error, last, log.saved?.step ?? null),
        mood: 'bad',
      };
    default:
      return { ...QUIET, what: 'Nothing is running' };
  }
}
