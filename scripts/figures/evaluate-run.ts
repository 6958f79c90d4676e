import { StudioError } from '../../src/base/errors.ts';
import type { DataSet } from '../../src/data/types.ts';
import type { Checkpoint } from '../../src/interop/checkpoint-files.ts';
import { precisionRecallCurves } from '../../src/metrics/curves.ts';
import type { EvaluationReport, PrecisionRecallCurve } from '../../src/metrics/types.ts';
import { EVAL_SPLIT } from '../../src/train/splits.ts';
import type { EvalPicture } from '../../src/train/types.ts';
import type { CommandContext } from '../cli/run-command.ts';
import { requireSplit } from '../sources/require-split.ts';

const BATCH = 4;
/** Boxes above this score are looked at in single pictures: the page's own bound. */
export const LEAST_CONFIDENCE = 0.05;

/** What the weights of a run find in the pictures that it was measured on. */
export interface RunEvaluation {
  readonly report: EvaluationReport;
  /** All classes together first, then each. */
  readonly curves: readonly PrecisionRecallCurve[];
  /** Every picture, in the order of the split. */
  readonly pictures: readonly EvalPicture[];
}

/**
 * Runs weights over the val split, or its first `limit` pictures. Throws `bad-data-set` where the weights do not fit the set
 * or the split is empty, `gpu-unavailable` and the other GPU codes, `cancelled`.
 */
export async function evaluateRun(
  checkpoint: Checkpoint,
  dataSet: DataSet,
  limit: number | null,
  context: CommandContext,
): Promise<RunEvaluation> {
  requireSplit(dataSet, EVAL_SPLIT, 'Nothing can be predicted without a picture.');
  const [{ evaluateOnGpu }, { mapLabels }] = await Promise.all([
    import('../sources/evaluate-on-gpu.ts'),
    import('../../src/train/evaluate.ts'),
  ]);
  mapLabels(dataSet, checkpoint.config.labels); // refuses a class that the weights lack, before a device is opened
  const { report, pictures, detections, groundTruth } = await evaluateOnGpu(
    {
      checkpoint,
      dataSet,
      split: EVAL_SPLIT,
      batch: BATCH,
      limit,
      keepPictures: Number.POSITIVE_INFINITY,
      keepScore: LEAST_CONFIDENCE,
      label: 'predicting',
    },
    context,
  );
  if (context.signal.aborted) throw new StudioError('cancelled', 'Stopped on request; no figure was written.');
  const place = new Map((dataSet.splits[EVAL_SPLIT] ?? []).map((id, at) => [id, at]));
  return {
    report,
    curves: precisionRecallCurves(detections, groundTruth, dataSet.classes),
    pictures: pictures.toSorted((a, b) => (place.get(a.sampleId) ?? 0) - (place.get(b.sampleId) ?? 0)),
  };
}
