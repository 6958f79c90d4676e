import type { DetrForObjectDetection } from '../detr/model.ts';
import type { TrainableParameter } from '../detr/parameters.ts';
import { addInto, sumBeginning, sumBegins } from '../kernels/add-into.ts';
import { guardStep } from '../kernels/step-guard.ts';
import { sumsOfSquares } from '../kernels/sum-of-squares.ts';
import { readTensors, type Tensor, type Tensor1D, tf } from '../tf/index.ts';
import type { AdamW, AdamwRates } from './adamw.ts';
import { batchGradients, type GradientOptions } from './gradients.ts';
import { type StepBatch, StepInputs } from './step-inputs.ts';
import { readStepLog, type StepResult } from './step-log.ts';

export interface StepOptions extends GradientOptions, AdamwRates {
  /** Largest global gradient norm; 0 leaves gradients as they are. */
  readonly clip: number;
  /** The step's number, for messages and for dropout. */
  readonly step: number;
}

/**
 * One optimiser step over one or more mini-batches, as tfjs runs it, with one readback. See `RecordedStep` for the same
 * without tfjs.
 *
 * Where a loss or a gradient is no number nothing is updated, and it throws as `refuseBadStep`.
 * `parameters` are all that are trained, or the class head's alone.
 */
export async function trainStep(
  model: DetrForObjectDetection,
  optimizer: AdamW,
  parameters: readonly TrainableParameter[],
  batches: readonly StepBatch[],
  options: StepOptions,
): Promise<StepResult> {
  const losses: Tensor1D[] = [];
  let sums: readonly Tensor[] = [];
  const beginning = sumBeginning();
  beginning.write(sumBegins(false));
  for (const [i, batch] of batches.entries()) {
    const inputs = new StepInputs(model.config, batch, dropoutStep(options, i, batches));
    const { gradients, packedLoss } = batchGradients(model, inputs, parameters, options);
    inputs.dispose();
    losses.push(packedLoss);
    if (i === 0) sums = gradients;
    else for (const [g, sum] of sums.entries()) addInto(sum, gradients[g] as Tensor, beginning);
    if (i > 0) tf.dispose([...gradients]);
  }
  optimizer.beginStep(options.step, parameters, options);
  const lossOfEach = tf.concat(losses);
  const squares = sumsOfSquares(sums);
  guardStep(optimizer.guard, { squares, losses: lossOfEach, batches: batches.length, clip: options.clip });
  optimizer.update(parameters, sums);
  beginning.dispose();
  tf.dispose([...losses, ...sums]);
  // Also where a lost device gives nothing back.
  const [guard, lossValues, squareValues] = await readTensors([optimizer.guard, lossOfEach, squares]).finally(() =>
    tf.dispose([lossOfEach, squares]),
  );
  return readStepLog(
    { guard, losses: lossValues, squares: squareValues },
    model.config.decoderLayers,
    parameters,
    options.step,
  );
}

/** Each mini-batch draws its own dropout. */
export function dropoutStep(
  { step }: Pick<StepOptions, 'step'>,
  index: number,
  batches: { readonly length: number },
): number {
  return step * batches.length + index;
}
