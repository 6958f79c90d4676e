import type { TrainableParameter } from '../detr/parameters.ts';
import { readGuard } from '../kernels/step-guard.ts';
import { type LossTerms, packedLength, readLossTerms } from '../loss/criterion.ts';
import { refuseBadStep } from './refuse-bad-step.ts';

export interface StepResult {
  /** Means over the mini-batches. */
  readonly terms: LossTerms;
  /** Of the mean gradient, before clipping. */
  readonly gradientNorm: number;
}

/** What is read back of a step. */
export interface StepLog {
  /** As `guardStep` left it. */
  readonly guard: ArrayLike<number>;
  /** The packed losses of the mini-batches, one after the other. */
  readonly losses: Float32Array;
  /** The sum of squares of each gradient. */
  readonly squares: ArrayLike<number>;
}

/** What a step came to. Throws as `refuseBadStep`: the guard then let nothing be updated, in this step and those after it. */
export function readStepLog(
  { guard, losses, squares }: StepLog,
  layers: number,
  parameters: readonly TrainableParameter[],
  step: number,
): StepResult {
  const length = packedLength(layers);
  const terms = Array.from({ length: losses.length / length }, (_, i) =>
    readLossTerms(losses.subarray(i * length, (i + 1) * length), layers),
  );
  const mean = meanTerms(terms);
  refuseBadStep(mean.total, squares, parameters, step);
  return { terms: mean, gradientNorm: readGuard(guard).gradientNorm };
}

function meanTerms(all: readonly LossTerms[]): LossTerms {
  const mean = (read: (terms: LossTerms) => number) => all.reduce((sum, terms) => sum + read(terms), 0) / all.length;
  return {
    total: mean((t) => t.total),
    layers: (all[0]?.layers ?? []).map((_, l) => ({
      ce: mean((t) => t.layers[l]?.ce ?? Number.NaN),
      bbox: mean((t) => t.layers[l]?.bbox ?? Number.NaN),
      giou: mean((t) => t.layers[l]?.giou ?? Number.NaN),
      cardinality: mean((t) => t.layers[l]?.cardinality ?? Number.NaN),
    })),
    classError: mean((t) => t.classError),
  };
}
