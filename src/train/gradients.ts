import type { Batch } from '../data/types.ts';
import type { DetrForObjectDetection } from '../detr/model.ts';
import type { TrainableParameter } from '../detr/parameters.ts';
import type { DropoutPlan } from '../detr/transformer.ts';
import { setLoss } from '../loss/criterion.ts';
import { packTargets } from '../loss/targets.ts';
import { type Tensor, type Tensor1D, tf } from '../tf/index.ts';

export interface BatchGradients {
  /** d loss / d parameter, in the order of the parameters asked for; the caller's. */
  readonly gradients: readonly Tensor[];
  /** The loss and its terms, see `readLossTerms`; the caller's. */
  readonly packedLoss: Tensor1D;
}

export interface GradientOptions {
  readonly freezeBackbone: boolean;
  readonly dropout?: DropoutPlan;
}

/** Forward, matching, set loss and backward of one batch. Nothing is read back. */
export function batchGradients(
  model: DetrForObjectDetection,
  batch: Pick<Batch, 'pixelsNhwc' | 'size' | 'validSizes' | 'targets'>,
  parameters: readonly TrainableParameter[],
  { freezeBackbone, dropout }: GradientOptions,
): BatchGradients {
  const { h, w } = batch.size;
  const pixels = tf.tensor4d(batch.pixelsNhwc, [batch.validSizes.length, h, w, 3]);
  const input = model.prepare(pixels, batch.validSizes, { freezeBackbone });
  pixels.dispose();
  const targets = packTargets(batch.targets, model.config.labels.length);
  try {
    let packedLoss: Tensor1D | undefined;
    const { value, grads } = tf.variableGrads(
      () => {
        const output = model.forward(input, dropout ? { dropout } : {});
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
    input.dispose();
    targets.dispose();
  }
}
