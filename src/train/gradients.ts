import type { DetrForObjectDetection } from '../detr/model.ts';
import type { TrainableParameter } from '../detr/parameters.ts';
import type { DropoutPlan } from '../detr/transformer.ts';
import { setLoss } from '../loss/criterion.ts';
import { type Tensor, type Tensor1D, tf } from '../tf/index.ts';
import type { StepInputs } from './step-inputs.ts';

export interface BatchGradients {
  /** d loss / d parameter, in the order of the parameters asked for; the caller's. */
  readonly gradients: readonly Tensor[];
  /** The loss and its terms, see `readLossTerms`; the caller's. */
  readonly packedLoss: Tensor1D;
}

/** The rates of a run's dropouts, and the seed of their masks. */
export type DropoutRates = Omit<DropoutPlan, 'step'>;

export interface GradientOptions {
  /** Left out: no dropout. */
  readonly dropout?: DropoutRates;
  /** Less memory for more work, see `recomputed`. */
  readonly recompute?: boolean;
}

/** Forward, matching, set loss and backward of one batch. Nothing is read back; it can be recorded. */
export function batchGradients(
  model: DetrForObjectDetection,
  inputs: Pick<StepInputs, 'features' | 'places' | 'targets' | 'dropoutStep'>,
  parameters: readonly TrainableParameter[],
  { dropout, recompute = false }: GradientOptions = {},
): BatchGradients {
  const { places, targets, dropoutStep } = inputs;
  const input = { ...inputs.features(model), ...places };
  try {
    let packedLoss: Tensor1D | undefined;
    const { value, grads } = tf.variableGrads(
      () => {
        const output = model.forward(input, {
          recompute,
          ...(dropout && { dropout: { ...dropout, step: dropoutStep } }),
        });
        const loss = setLoss(output, targets, model.config);
        packedLoss = tf.keep(loss.packed);
        return loss.total;
      },
      parameters.map(({ variable }) => variable),
    );
    value.dispose();
    const gradients = parameters.map(({ variable }) => grads[variable.name]);
    return { gradients: gradients as Tensor[], packedLoss: packedLoss as Tensor1D };
  } finally {
    input.features.dispose();
  }
}
