import * as tf from '@tensorflow/tfjs';

/**
 * The gradients of `f()` in `inputs` for `dy`, of their shapes and the caller's, while the gradients of something else are being computed: within a
 * `gradFunc`. tfjs has one tape, which the inner computation would take for its own and drop.
 */
export function nestedGradients(f: () => tf.Tensor, inputs: tf.Tensor[], dy: tf.Tensor): tf.Tensor[] {
  const { state } = tf.engine();
  const tape = state.activeTape;
  try {
    return tf.grads(f)(inputs, dy);
  } finally {
    state.activeTape = tape;
  }
}
