import { StudioError, toStudioError } from '../base/errors.ts';
import { type RateMeter, rateMeter } from '../base/rate-meter.ts';
import { seldom } from '../base/seldom.ts';
import type { SharedPromise } from '../base/shared-promise.ts';
import { createPictureCache } from '../data/picture-cache.ts';
import { samplesOfSplit } from '../data/picture-source.ts';
import type { DataSet, DecodeImage, Problem } from '../data/types.ts';
import { DetrForObjectDetection } from '../detr/model.ts';
import type { Checkpoint } from '../interop/checkpoint-files.ts';
import type { WeightsSource } from '../interop/types.ts';
import { precisionRecallCurves } from '../metrics/curves.ts';
import type { GpuSession } from '../tf/index.ts';
import { evaluateSplit, mapLabels } from './evaluate.ts';
import type { EvalPicture, EvaluationRequest, EvaluationResult } from './types.ts';

/** What the service is given: the platform's sides of each port. */
export interface EvaluatePorts {
  /** The one device of the thread, shared with whatever else computes there. */
  readonly session: SharedPromise<GpuSession>;
  readonly dataSet: (id: string) => Promise<DataSet>;
  readonly openWeights: (source: WeightsSource) => Promise<{ readonly checkpoint: Checkpoint; readonly name: string }>;
  readonly decode: DecodeImage;
  /** A clock in milliseconds that never goes back. */
  readonly now: () => number;
}

export type OnEvaluationProgress = (done: number, total: number, secondsLeft: number | null) => void;

export interface EvaluateService {
  /**
   * Runs weights over a split, or the first pictures of it. Throws `bad-weights`, `bad-config` or `not-found` where the
   * weights or the set cannot be had, `bad-data-set` where they do not fit each other, `cancelled`, and `usage` while
   * another evaluation goes on.
   */
  evaluate(request: EvaluationRequest, onProgress: OnEvaluationProgress): Promise<EvaluationResult>;
  /** Ends the evaluation that goes on after the batch in hand; nothing where there is none. */
  cancelEvaluation(): Promise<void>;
}

/** Boxes above this score are handed back with the pictures. */
const KEPT_SCORE = 0.05;
/** Pictures at once; a driver in software gains nothing by more, and tells less often how far it is. */
const BATCH = 8;
const BATCH_IN_SOFTWARE = 2;

/** Evaluation of one model at a time, on a device that it shares. */
export function createEvaluateService(ports: EvaluatePorts): EvaluateService {
  let going: AbortController | null = null;
  return {
    async evaluate(request, onProgress) {
      if (going !== null) {
        throw new StudioError('usage', 'An evaluation goes on already. Cancel it, or wait for its end.');
      }
      going = new AbortController();
      try {
        return await evaluate(ports, request, onProgress, going.signal);
      } catch (thrown) {
        throw going.signal.aborted ? cancelled() : toStudioError(thrown);
      } finally {
        going = null;
      }
    },
    async cancelEvaluation() {
      going?.abort();
    },
  };
}

async function evaluate(
  ports: EvaluatePorts,
  { weights, dataSetId, split, limit }: EvaluationRequest,
  onProgress: OnEvaluationProgress,
  signal: AbortSignal,
): Promise<EvaluationResult> {
  const start = ports.now();
  const [{ checkpoint }, dataSet] = await Promise.all([ports.openWeights(weights), ports.dataSet(dataSetId)]);
  // Whatever does not fit is told before a device is made.
  mapLabels(dataSet, checkpoint.config.labels);
  const order = samplesOfSplit(dataSet, split).map(({ id }) => id);
  if (order.length === 0) {
    const message = `The split "${split}" of ${dataSet.name} holds no labelled picture. Choose another split.`;
    throw new StudioError('bad-data-set', message, { split });
  }
  signal.throwIfAborted();
  const gpu = await ports.session.get();
  signal.throwIfAborted();

  const model = new DetrForObjectDetection(checkpoint.config, checkpoint.weights.values);
  const problems: Problem[] = [];
  try {
    const { report, pictures, detections, groundTruth } = await evaluateSplit({
      model,
      dataSet,
      split,
      limit,
      batch: gpu.adapter.software ? BATCH_IN_SOFTWARE : BATCH,
      decode: ports.decode,
      preprocessor: checkpoint.preprocessor.config,
      // Each picture is read once: nothing is worth keeping.
      cache: createPictureCache(0),
      onProblem: (problem) => problems.push(problem),
      keepPictures: Number.POSITIVE_INFINITY,
      keepScore: KEPT_SCORE,
      now: ports.now,
      signal,
      onProgress: tellProgress(rateMeter(ports.now), ports.now, onProgress),
    });
    gpu.throwIfFailed();
    const { classes, hash } = dataSet;
    const curves = precisionRecallCurves(detections, groundTruth, classes);
    const seconds = (ports.now() - start) / 1000;
    return { report, curves, pictures: inOrder(pictures, order), classes, dataSetHash: hash, problems, seconds };
  } catch (thrown) {
    // A lost device shows in many ways; what it says itself is the reason.
    gpu.throwIfFailed();
    throw thrown;
  } finally {
    // What was on a lost device went with it.
    if (!isLost(gpu)) model.dispose();
  }
}

function isLost(gpu: GpuSession): boolean {
  try {
    gpu.throwIfFailed();
    return false;
  } catch (thrown) {
    return toStudioError(thrown).code === 'gpu-lost';
  }
}

/** Tells how far it is, ten times a second at most, the beginning and the end in any case. */
function tellProgress(
  meter: RateMeter,
  now: () => number,
  tell: OnEvaluationProgress,
): (done: number, total: number) => void {
  const isTime = seldom(now);
  return (done, total) => {
    meter.report(done);
    if (!isTime(done === total)) return;
    tell(done, total, meter.rate(total).secondsLeft);
  };
}

function inOrder(pictures: readonly EvalPicture[], order: readonly string[]): EvalPicture[] {
  const place = new Map(order.map((id, at) => [id, at]));
  return pictures.toSorted((a, b) => (place.get(a.sampleId) ?? 0) - (place.get(b.sampleId) ?? 0));
}

function cancelled(): StudioError {
  return new StudioError('cancelled', 'The evaluation was cancelled.');
}
