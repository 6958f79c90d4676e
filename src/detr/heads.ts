import { type Tensor, type Tensor4D, tf } from '../tf/index.ts';
import { linear } from './layers.ts';
import type { DetrParameters } from './parameters.ts';

/** What the model says of each query, for every decoder layer. */
export interface DetrOutput {
  /** `[L, B, Q, C + 1]` f32; the last class is "no object". */
  readonly logits: Tensor4D;
  /** `[L, B, Q, 4]` f32, cxcywh, fraction of the picture without padding. */
  readonly boxes: Tensor4D;
}

/** Class and box of each query from the decoder's normed outputs `[L, B, Q, d]`; the same heads serve every layer. */
export function applyHeads(p: DetrParameters, hidden: Tensor4D): DetrOutput {
  const logits = linear(p, 'class_labels_classifier', hidden) as Tensor4D;
  let x: Tensor = hidden;
  x = tf.relu(linear(p, 'bbox_predictor.layers.0', x));
  x = tf.relu(linear(p, 'bbox_predictor.layers.1', x));
  const boxes = tf.sigmoid(linear(p, 'bbox_predictor.layers.2', x)) as Tensor4D;
  return { logits, boxes };
}
