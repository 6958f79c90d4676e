import type { Batch } from '../data/types.ts';
import type { DetrForObjectDetection } from '../detr/model.ts';
import type { TrainableParameter } from '../detr/parameters.ts';
import { sumsOfSquares } from '../kernels/sum-of-squares.ts';
import { type LossTerms, packedLength, readLossTerms } from '../loss/criterion.ts';
import { type Tensor, type Tensor1D, tf } from '../tf/index.ts';
import type { AdamW } from './adamw.ts';
import { batchGradients, type GradientOptions } from './gradients.ts';
import { refuseBadStep } from './refuse-bad-step.ts';

export interface StepOptions extends GradientOptions {
  readonly lr: number;
  readonly lrBackbone: number;
  readonly weightDecay: number;
  /** Largest global gradient norm; 0 leaves gradients as they are. */
  readonly clip: number;
  /** The step's number, for messages. */
  readonly step: number;
}

export interface StepResult {
  /** Means over the mini-batches. */
  readonly terms: LossTerms;
  /** Of the mean gradient, before clipping. */
  readonly gradientNorm: number;
}

/** torch.nn.utils.clip_grad_norm_ adds this to the norm. */
const CLIP_EPSILON = 1e-6;

/**
 * One optimiser step over one or more mini-batches, with one readback.
 *
 * The losses and the norm of every gradient are read before the update is made. Throws as `refuseBadStep`, and then nothing
 * is updated.
 */
export async function trainStep(
  model: DetrForObjectDetection,
  optimizer: AdamW,
  parameters: readonly TrainableParameter[],
  batches: readonly Batch[],
  options: StepOptions,
): Promise<StepResult> {
  const losses: Tensor1D[] = [];
  let gradients: readonly Tensor[] = [];
  for (const [i, batch] of batches.entries()) {
    const result = batchGradients(model, batch, parameters, optionsOf(options, i, batches.length));
    losses.push(result.packedLoss);
    gradients = gradients.length === 0 ? result.gradients : added(gradients, result.gradients);
  }
  try {
    const packed = tf.tidy(() => tf.concat([...losses, sumsOfSquares(gradients)]));
    // Also where a lost device gives nothing back.
    const numbers = await packed.data<'float32'>().finally(() => packed.dispose());

    const layers = model.config.decoderLayers;
    const length = packedLength(layers);
    const terms = losses.map((_, i) => readLossTerms(numbers.slice(i * length, (i + 1) * length), layers));
    const gradientSquares = numbers.slice(losses.length * length);
    const mean = meanTerms(terms);
    const gradientNorm = Math.sqrt(gradientSquares.reduce((sum, s) => sum + s, 0)) / batches.length;
    refuseBadStep(mean.total, gradientSquares, parameters, options.step);

    const gradientScale = clipFactor(gradientNorm, options.clip) / batches.length;
    optimizer.update(gradients, { ...options, gradientScale });
    return { terms: mean, gradientNorm };
  } finally {
    tf.dispose([...losses, ...gradients]);
  }
}

/**
 * What gradients of that global norm are multiplied by so that the norm is at most `largest`; 1 where `largest` is 0, which
 * means no clipping (torch.nn.utils.clip_grad_norm_).
 */
export function clipFactor(norm: number, largest: number): number {
  return largest > 0 ? Math.min(1, largest / (norm + CLIP_EPSILON)) : 1;
}

/** Each mini-batch draws its own dropout. */
function optionsOf(options: GradientOptions, index: number, count: number): GradientOptions {
  const { dropout } = options;
  return dropout ? { ...options, dropout: { ...dropout, step: dropout.step * count + index } } : options;
}

/** Element-wise sums; both lists are used up. */
function added(a: readonly Tensor[], b: readonly Tensor[]): Tensor[] {
  return a.map((gradient, i) => {
    const other = b[i];
    if (!other) return gradient;
    const sum = tf.add(gradient, other);
    tf.dispose([gradient, other]);
    return sum;
  });
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
