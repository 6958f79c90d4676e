import type { PredictionState } from './prediction.ts';
import type { RunState } from './run.ts';
import { bestEval } from './run-events.ts';

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
  /** 0..1, or null where nothing goes on. */
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

type PredictionProgress = Pick<PredictionState, 'weights' | 'loading' | 'weightsError' | 'pictures'>;

/** The run first, then predictions: the one place that tells what goes on. */
export function statusOf(
  run: Pick<RunState, 'name' | 'phase' | 'log' | 'error'>,
  prediction: PredictionProgress,
): StatusReport {
  return runStatus(run) ?? predictionStatus(prediction) ?? endedStatus(run);
}

function runStatus({ name, phase, log }: Pick<RunState, 'name' | 'phase' | 'log'>): StatusReport | null {
  const total = log.settings?.steps;
  if (total === undefined || !['starting', 'running', 'paused', 'stopping'].includes(phase)) return null;
  const done = log.steps.at(-1)?.step ?? 0;
  const verb = { starting: 'Starting', paused: 'Paused', stopping: 'Stopping' }[phase as string] ?? 'Training';
  const moving = phase === 'running';
  return {
    what: `${verb} "${name}"`,
    howFar: `step ${done} of ${total}`,
    phase: phaseWords(log.progress),
    imagesPerSecond: moving ? (log.steps.at(-1)?.images_per_second ?? null) : null,
    secondsLeft: moving ? secondsLeft(log) : null,
    fraction: done / total,
    mood: 'busy',
  };
}

function phaseWords(progress: RunState['log']['progress']): string {
  if (progress === null || progress.phase === 'training') return '';
  const words = { loading: 'loading', evaluating: 'evaluating', saving: 'saving' }[progress.phase];
  return progress.phase !== 'saving' && progress.total > 0 ? `${words} ${progress.done} of ${progress.total}` : words;
}

/** The loop's own estimate where it gives one, else none: a guess is worse than nothing. */
function secondsLeft({ progress }: RunState['log']): number | null {
  return progress?.phase === 'training' ? progress.secondsLeft : null;
}

function predictionStatus({ weights, loading, weightsError, pictures }: PredictionProgress): StatusReport | null {
  const busy = { ...QUIET, mood: 'busy' } as const;
  if (loading) return { ...busy, what: 'Loading weights' };
  const waiting = pictures.filter(({ status }) => status === 'waiting' || status === 'predicting').length;
  if (waiting === 0) return null;
  if (weights === null && weightsError !== null) {
    const waits = waiting === 1 ? '1 picture waits' : `${waiting} pictures wait`;
    return { ...QUIET, what: `The weights were not loaded: ${waits}`, mood: 'bad' };
  }
  const done = pictures.length - waiting;
  const howFar = `picture ${Math.min(done + 1, pictures.length)} of ${pictures.length}`;
  return { ...busy, what: 'Predicting', howFar, fraction: done / pictures.length };
}

function endedStatus({ name, phase, log, error }: Pick<RunState, 'name' | 'phase' | 'log' | 'error'>): StatusReport {
  const last = log.steps.at(-1)?.step ?? 0;
  const steps = `step ${last} of ${log.settings?.steps ?? 0}`;
  const best = bestEval(log.evals);
  const ap = best === null ? '' : `best AP50 ${best.map50.toFixed(2)} at step ${best.step}`;
  switch (phase) {
    case 'done':
      return { ...QUIET, what: `Finished "${name}"`, howFar: steps, phase: ap };
    case 'stopped':
      return { ...QUIET, what: `Stopped "${name}"`, howFar: steps, phase: ap };
    case 'failed':
      return { ...QUIET, what: `Training stopped at step ${last}: ${error?.message ?? ''}`, mood: 'bad' };
    default:
      return { ...QUIET, what: 'Nothing is running' };
  }
}
