import { StudioError, type StudioErrorCode, toStudioError } from '../../src/base/errors.ts';
import { confusionMatrix } from '../../src/metrics/confusion.ts';
import { bestF1 } from '../../src/metrics/curves.ts';
import { METRICS_FILE, readMetrics } from '../../src/platform/node/run-store.ts';
import { overfitSet } from '../../src/train/overfit.ts';
import type { EvalRecord, StepRecord } from '../../src/train/types.ts';
import { imagesOf } from '../../src/ui/evaluate-room/images-of.ts';
import type { CommandContext } from '../cli/run-command.ts';
import { openCheckpoint } from '../sources/open-checkpoint.ts';
import { openDataSet } from '../sources/open-data-set.ts';
import type { RunFile } from '../training/run-file.ts';
import { averagePrecision } from './average-precision.ts';
import { confusionFigure } from './confusion.ts';
import { evaluateRun, LEAST_CONFIDENCE, type RunEvaluation } from './evaluate-run.ts';
import type { Figure, LeftOut } from './figure.ts';
import { lossCurves } from './loss-curves.ts';
import { precisionRecall } from './precision-recall.ts';
import { predictionsBesideTruth } from './predictions.ts';

/** What is drawn of a run. */
export interface DrawnRun {
  readonly steps: readonly StepRecord[];
  readonly evals: readonly EvalRecord[];
  /** Of the weights as they are now; null where they could not be run. */
  readonly evaluated: (RunEvaluation & { readonly weightsPath: string }) | null;
  readonly figures: readonly Figure[];
  readonly leftOut: readonly LeftOut[];
}

export interface RunChoices {
  /** Where the data set lies; where the run had it, if null. */
  readonly data: string | null;
  /** Predict on the first so many pictures of val; as many as the run was measured on, if null. */
  readonly images: number | null;
}

/** What keeps the weights from being run, while the curves can still be drawn. */
const NO_PREDICTIONS: ReadonlySet<StudioErrorCode> = new Set([
  'not-found',
  'bad-archive',
  'bad-data-set',
  'bad-config',
  'bad-weights',
  'network',
  'gpu-unavailable',
  'gpu-limit',
  'gpu-lost',
  'gpu-error',
  'non-finite',
]);

/** Draws a run: its curves from what it wrote, the rest from what its weights find. What cannot be drawn is left out, and told why. */
export async function drawRun(
  folder: string,
  run: RunFile,
  choices: RunChoices,
  context: CommandContext,
): Promise<DrawnRun> {
  const records = await readMetrics(folder);
  const steps = records.filter((record): record is StepRecord => !('eval' in record));
  const evals = records.filter((record): record is EvalRecord => 'eval' in record);
  const figures: Figure[] = [];
  const leftOut: LeftOut[] = [];
  if (steps.length > 0) figures.push(await lossCurves(steps));
  else leftOut.push({ name: 'loss', reason: `${METRICS_FILE} holds no step yet.` });
  if (evals.length > 0) figures.push(await averagePrecision(evals));
  else leftOut.push({ name: 'average-precision', reason: `${METRICS_FILE} holds no evaluation yet.` });

  let evaluated: DrawnRun['evaluated'] = null;
  try {
    const predicted = await drawPredicted(folder, run, choices, context);
    evaluated = predicted.evaluated;
    figures.push(...predicted.figures);
    leftOut.push(...predicted.leftOut);
  } catch (thrown) {
    const error = toStudioError(thrown);
    if (!NO_PREDICTIONS.has(error.code)) throw error;
    const reason = error.message.replace(/\s*\n\s*/g, ' ');
    for (const name of ['precision-recall', 'confusion', 'predictions'] as const) leftOut.push({ name, reason });
  }
  if (figures.length === 0) {
    throw new StudioError(
      'not-found',
      `The run in ${folder} has nothing to draw yet: no step, no evaluation, and ${leftOut.at(-1)?.reason ?? 'no weights.'} Expected a run that has taken a step; let it go on.`,
      { folder },
    );
  }
  return { steps, evals, evaluated, figures, leftOut };
}

async function drawPredicted(
  folder: string,
  run: RunFile,
  choices: RunChoices,
  context: CommandContext,
): Promise<Pick<DrawnRun, 'evaluated' | 'figures' | 'leftOut'>> {
  const { checkpoint, path } = await openCheckpoint(folder);
  const where = choices.data ?? run.data;
  const whole = await openDataSet(where, context);
  if (whole.hash !== run.dataHash) {
    throw new StudioError(
      'bad-data-set',
      `The data set in ${where} is not the one of the run (its hash is ${whole.hash.slice(0, 12)}, the run's ${run.dataHash.slice(0, 12)}); expected the same pictures and boxes. Name them with --data.`,
    );
  }
  const dataSet = overfitSet(whole, run.settings.overfitPictures);
  const evaluation = await evaluateRun(checkpoint, dataSet, choices.images ?? run.settings.evalImages, context);
  const { curves, report, pictures } = evaluation;
  const [all] = curves;
  const confidence = Math.max(LEAST_CONFIDENCE, (all && bestF1(all)?.confidence) ?? 0.5);
  const matrix = confusionMatrix(imagesOf({ pictures, classes: dataSet.classes }), dataSet.classes.length, {
    confidence,
  });
  const figures = [
    await precisionRecall(curves, report.voc),
    await confusionFigure(dataSet.classes, matrix, confidence),
  ];
  const sheet = await predictionsBesideTruth(dataSet, pictures, confidence, context);
  return {
    evaluated: { ...evaluation, weightsPath: path },
    figures: sheet === null ? figures : [...figures, sheet],
    leftOut: sheet === null ? [{ name: 'predictions', reason: 'No picture could be read again.' }] : [],
  };
}
