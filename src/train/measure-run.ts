import type { DataSet } from '../data/types.ts';
import type { TrainingRun } from './loop.ts';
import { planMemory } from './run-memory.ts';
import { EVAL_SPLIT, TRAIN_SPLIT } from './splits.ts';
import { Trainer } from './trainer.ts';
import type { RunEstimate, TrainSettings } from './types.ts';

/** The first compiles every program, so that it tells nothing of the others. */
const WARM_STEPS = 1;
const MEASURED_STEPS = 2;
/** So many at most until some find all their features kept. */
const MOST_FROZEN_STEPS = 6;

/** Pictures come in two shapes as a rule, and the first batch of each compiles. */
const EVALUATED_BATCHES = 3;

/** What is measured with: a run that keeps nothing. */
export type MeasuredRun = Omit<
  TrainingRun,
  'store' | 'features' | 'onEvent' | 'onAdvance' | 'gate' | 'takeFrozenMs' | 'resumeFrom'
>;

/**
 * Takes a few steps and a few batches of evaluation as the settings say, throws them away, and says what one of each
 * takes. Throws `gpu-limit`, `gpu-error`, `gpu-lost`, `non-finite`, `cancelled`.
 */
export async function measureRun(run: MeasuredRun): Promise<RunEstimate> {
  const { session, settings } = run;
  const memory = await planMemory({ from: run.checkpoint, dataSet: run.dataSet, settings });
  const pictures = Math.min(settings.evalImages ?? Number.POSITIVE_INFINITY, EVALUATED_BATCHES * settings.batch);
  const trainer = new Trainer({
    ...run,
    dataSet: settings.freezeBackbone
      ? firstPictures(run.dataSet, 2 * settings.batch * settings.accumulate)
      : run.dataSet,
    // Most steps train more than the class head, and take longer.
    settings: { ...settings, views: 1, evalImages: pictures, headSteps: 0 },
    onEvent: () => {},
  });
  try {
    const secondsPerStep = (await measureSteps(run, trainer)) / 1000;
    const secondsPerEvaluation = settings.evalEvery > 0 ? await measureEvaluation(run, trainer) : null;
    session.throwIfFailed();
    return { secondsPerStep, secondsPerEvaluation, ...memory };
  } finally {
    trainer.dispose();
  }
}

/** Milliseconds of a step of the run: on the average, where some of its steps compute features that others find kept. */
async function measureSteps(
  { session, settings, now, signal, dataSet }: MeasuredRun,
  trainer: Trainer,
): Promise<number> {
  const most = settings.freezeBackbone ? MOST_FROZEN_STEPS : MEASURED_STEPS;
  const plain: number[] = [];
  const computing: { readonly ms: number; readonly views: number }[] = [];
  for (let step = 1; step <= WARM_STEPS + most && plain.length < MEASURED_STEPS; step++) {
    signal.throwIfAborted();
    const since = now();
    const before = trainer.viewsComputed;
    await trainer.nextStep();
    await trainer.settle();
    session.throwIfFailed();
    const views = trainer.viewsComputed - before;
    if (step <= WARM_STEPS) continue;
    if (views === 0) plain.push(now() - since);
    else computing.push({ ms: now() - since, views });
  }
  // The quickest: another may have compiled for pictures of another shape.
  const msPerStep = Math.min(...(plain.length > 0 ? plain : computing.map(({ ms }) => ms)));
  if (computing.length === 0) return msPerStep;
  const msPerView = Math.min(...computing.map(({ ms, views }) => Math.max(0, ms - msPerStep) / views));
  const pictures = dataSet.splits[TRAIN_SPLIT]?.length ?? 0;
  return msPerStep + (msPerView * viewsDrawn(pictures, trainer.imagesPerStep, settings)) / settings.steps;
}

/** How many different views a run draws, about: each is one of a few, by chance. */
function viewsDrawn(pictures: number, imagesPerStep: number, { steps, views }: TrainSettings): number {
  const epochs = (steps * imagesPerStep) / Math.max(1, pictures);
  return pictures * views * (1 - (1 - 1 / views) ** epochs);
}

/** The set with the first so many pictures to train on, which soon come again. */
function firstPictures(dataSet: DataSet, count: number): DataSet {
  const train = dataSet.splits[TRAIN_SPLIT]?.slice(0, count) ?? [];
  return { ...dataSet, splits: { ...dataSet.splits, [TRAIN_SPLIT]: train } };
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
