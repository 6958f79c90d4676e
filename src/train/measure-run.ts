import type { TrainingRun } from './loop.ts';
import { EVAL_SPLIT } from './splits.ts';
import { Trainer } from './trainer.ts';
import type { RunEstimate } from './types.ts';

/** The first compiles every program, so that it tells nothing of the others. */
const WARM_STEPS = 1;
const MEASURED_STEPS = 2;

/** Pictures come in two shapes as a rule, and the first batch of each compiles. */
const EVALUATED_BATCHES = 3;

/** What is measured with: a run that keeps nothing. */
export type MeasuredRun = Omit<TrainingRun, 'store' | 'onEvent' | 'onAdvance' | 'gate' | 'takeFrozenMs' | 'resumeFrom'>;

/**
 * Takes a few steps and a few batches of evaluation as the settings say, throws them away, and says what one of each
 * takes. Throws `gpu-limit`, `gpu-error`, `gpu-lost`, `non-finite`, `cancelled`.
 */
export async function measureRun(run: MeasuredRun): Promise<RunEstimate> {
  const { session, settings, now, signal } = run;
  const pictures = Math.min(settings.evalImages ?? Number.POSITIVE_INFINITY, EVALUATED_BATCHES * settings.batch);
  // Most steps train more than the class head, and take longer.
  const measured = { ...settings, evalImages: pictures, headSteps: 0 };
  const trainer = new Trainer({ ...run, settings: measured, onEvent: () => {} });
  try {
    let msPerStep = Number.POSITIVE_INFINITY;
    for (let step = 1; step <= WARM_STEPS + MEASURED_STEPS; step++) {
      signal.throwIfAborted();
      const since = now();
      await trainer.nextStep();
      await trainer.settle();
      session.throwIfFailed();
      // The quicker one: the other may have compiled for pictures of another shape.
      if (step > WARM_STEPS) msPerStep = Math.min(msPerStep, now() - since);
    }
    const secondsPerStep = msPerStep / 1000;
    const secondsPerEvaluation = settings.evalEvery > 0 ? await measureEvaluation(run, trainer) : null;
    session.throwIfFailed();
    return {
      secondsPerStep,
      secondsPerEvaluation,
      gpuBytes: session.allocatedBytes(),
      carriedClasses: run.carriedClasses,
    };
  } finally {
    trainer.dispose();
  }
}

/** Seconds of a whole evaluation, from its quickest batch: others may have compiled. */
async function measureEvaluation({ now, signal, settings, dataSet }: MeasuredRun, trainer: Trainer): Promise<number> {
  let before = { done: 0, at: now() };
  let secondsPerPicture = Number.POSITIVE_INFINITY;
  await trainer.evaluate(signal, (done) => {
    const at = now();
    if (done > before.done) {
      secondsPerPicture = Math.min(secondsPerPicture, (at - before.at) / 1000 / (done - before.done));
    }
    before = { done, at };
  });
  const pictures = dataSet.splits[EVAL_SPLIT]?.length ?? 0;
  if (!Number.isFinite(secondsPerPicture)) return 0;
  return secondsPerPicture * Math.min(pictures, settings.evalImages ?? pictures);
}
