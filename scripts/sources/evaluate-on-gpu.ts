import { rateMeter } from '../../src/base/rate-meter.ts';
import { decodeWith } from '../../src/data/decode.ts';
import { createPictureCache } from '../../src/data/picture-cache.ts';
import type { Checkpoint } from '../../src/interop/checkpoint-files.ts';
import { decodePixels } from '../../src/platform/node/decode.ts';
import { type EvaluateOptions, evaluateSplit, type SplitEvaluation } from '../../src/train/evaluate.ts';
import type { CommandContext } from '../cli/run-command.ts';
import { openModelOnGpu } from './open-model-on-gpu.ts';

/** What is evaluated, and how. */
export interface Evaluation
  extends Pick<EvaluateOptions, 'dataSet' | 'split' | 'batch' | 'limit' | 'keepPictures' | 'keepScore' | 'classMap'> {
  readonly checkpoint: Checkpoint;
  /** The word for it in the progress line. */
  readonly label: string;
}

/**
 * Runs weights over a split on the device, with progress. Import this file once all input was looked at: it takes its time.
 * Throws as `evaluateSplit`, `gpu-unavailable` and the other GPU codes, `cancelled`.
 */
export async function evaluateOnGpu(
  { checkpoint, label, ...choice }: Evaluation,
  context: CommandContext,
): Promise<SplitEvaluation> {
  const { session, model } = await openModelOnGpu(checkpoint, context);
  const now = () => performance.now();
  const meter = rateMeter(now);
  meter.report(0);
  return evaluateSplit({
    ...choice,
    model,
    decode: decodeWith(decodePixels),
    preprocessor: checkpoint.preprocessor.config,
    cache: createPictureCache(0),
    onProblem: ({ file, reason }) => context.say(`Left out: ${file}: ${reason}`),
    now,
    signal: context.signal,
    onProgress(done, total) {
      session.throwIfFailed();
      meter.report(done);
      context.progress.update({ label, done, total, unit: 'images', ...meter.rate(total) });
    },
  });
}
