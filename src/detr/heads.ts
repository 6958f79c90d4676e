import { type Tensor, type Tensor4D, tf } from '../tf/index.ts';
import { linear } from './layers.ts';
import type { DetrParameters } from './parameters.ts';
import type { DetrOutput } from './types.ts';

/** Class and box of each query from the decoder's normed outputs `[L, B, Q, d]`; the same heads serve every layer. */
export function applyHeads(p: DetrParameters, hidden: Tensor4D): DetrOutput {
  const logits = linear(p, 'class_labels_classifier', hidden) as Tensor4D;
  let x: Tensor = hidden;
  x = linear(p, 'bbox_predictor.layers.0', x, { relu: true });
  x = linear(p, 'bbox_predictor.layers.1', x, { relu: true });
  const boxes = tf.sigmoid(linear(p, 'bbox_predictor.layers.2', x)) as Tensor4D;
  return { logits, boxes };
}
