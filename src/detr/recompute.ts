import { nestedGradients, type Tensor, tf, type Variable } from '../tf/index.ts';

/** One layer, or block, as a function of what comes in. */
export interface RecomputedLayer<T extends Tensor> {
  readonly apply: (x: T) => T;
  /** Tensors of the model in it that are trained. */
  readonly variables: readonly Variable[];
  /** What comes in gets no gradient. */
  readonly frozenInput: boolean;
}

/**
 * The layer's output, the tape's, of whose inside nothing is kept for the gradient: its pass is computed a second time there (Chen et
 * al. 2016, arXiv 1604.06174). The same numbers to the bit, since dropout draws by place; about a third more work, and
 * of the memory between forward and backward what comes into the layer alone.
 */
export function recomputed<T extends Tensor>({ apply, variables, frozenInput }: RecomputedLayer<T>, x: T): T {
  const pass = tf.customGrad((...args) => {
    const save = args.at(-1) as tf.GradSaveFunc;
    const value = tf.tidy(() => apply(x));
    save(frozenInput ? [] : [x]);
    const gradFunc = (dy: Tensor, saved: Tensor[]) => {
      const input = (saved[0] ?? x) as T;
      const asked: Tensor[] = [...(frozenInput ? [] : [input]), ...(variables as readonly Tensor[])];
      return nestedGradients(() => apply(input), asked, dy);
    };
    return { value, gradFunc };
  });
  return pass(...(frozenInput ? [] : [x]), ...(variables as readonly Tensor[])) as T;
}
