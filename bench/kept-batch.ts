import type { Batch } from '../src/data/types.ts';
import { DetrForObjectDetection } from '../src/detr/model.ts';
import { packHalf } from '../src/kernels/half.ts';
import { tf } from '../src/tf/index.ts';
import type { FeatureBatch, FrozenStage } from '../src/train/step-inputs.ts';
import type { TrainedModel } from './training-step.ts';

/** The same pictures as the features that the frozen part makes of them, kept as f16. */
export async function keptBatch(
  { config, values }: TrainedModel,
  stage: FrozenStage,
  { size, validSizes, targets, pixelsNhwc }: Batch,
): Promise<FeatureBatch> {
  const model = new DetrForObjectDetection(config, values);
  const pixels = tf.tensor4d(pixelsNhwc, [validSizes.length, size.h, size.w, 3]);
  const input = model.prepare(pixels, validSizes, { stage });
  const packed = packHalf(input.features);
  const tokensHalf = Int32Array.from(await packed.data<'int32'>());
  tf.dispose([pixels, packed]);
  input.dispose();
  model.dispose();
  return { stage, size, validSizes, targets, tokensHalf };
}
