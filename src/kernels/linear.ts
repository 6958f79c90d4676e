import { emptyTensor, type Tensor, type Tensor1D, type Tensor2D, tf } from '../tf/index.ts';
import { matmul } from './matmul.ts';
import { outputGradient } from './output-gradient.ts';

export interface LinearOptions {
  readonly relu?: boolean;
  /** The gradient of `x` is not asked for, and not computed. */
  readonly frozenInput?: boolean;
  /** The weight is `[in, out]`, as that of a 1x1 convolution lies on the GPU. */
  readonly inputFirst?: boolean;
}

/**
 * relu(x W^T + b), as torch.nn.Linear with an activation: one dispatch forward, two backward, and one more for the ReLU.
 *
 * `x` `[R, in]`, `weight` `[out, in]` (or `[in, out]`, see the options), `bias` `[out]` f32, borrowed; returns `[R, out]`, the caller's. Differentiable in all
 * three, but in `x` only where it is not frozen.
 */
export function fusedLinear(x: Tensor2D, weight: Tensor2D, bias: Tensor1D, options: LinearOptions = {}): Tensor2D {
  const { relu = false, frozenInput = false, inputFirst = false } = options;
  const forward = (rows: Tensor, w: Tensor, b: Tensor): Tensor =>
    matmul(rows, w, { transposeB: !inputFirst, bias: b, relu });
  const backward = (dy: Tensor, rows: Tensor, w: Tensor, y: Tensor | undefined): Tensor[] => {
    const g = relu && y ? outputGradient(dy, { activated: y }).inner : dy;
    const inputGradient = frozenInput ? [] : [matmul(g, w, { transposeB: inputFirst })];
    if (inputFirst) return [...inputGradient, matmul(rows, g, { transposeA: true }), g.sum(0)];
    const biasGradient = emptyTensor(bias.shape);
    const weightGradient = matmul(g, rows, { transposeA: true, rowSums: biasGradient });
    return [...inputGradient, weightGradient, biasGradient];
  };
  if (frozenInput) {
    const apply = tf.customGrad((w, b, save) => {
      const y = forward(x, w as Tensor, b as Tensor);
      (save as tf.GradSaveFunc)([w as Tensor, y]);
      return {
        value: y,
        gradFunc: (dy: Tensor, saved: Tensor[]) => backward(dy, x, saved[0] as Tensor, saved[1]),
      };
    });
    return apply(weight, bias) as Tensor2D;
  }
  const apply = tf.customGrad((rows, w, b, save) => {
    const y = forward(rows as Tensor, w as Tensor, b as Tensor);
    (save as tf.GradSaveFunc)(relu ? [rows as Tensor, w as Tensor, y] : [rows as Tensor, w as Tensor]);
    return {
      value: y,
      gradFunc: (dy: Tensor, saved: Tensor[]) => backward(dy, saved[0] as Tensor, saved[1] as Tensor, saved[2]),
    };
  });
  return apply(x, weight, bias) as Tensor2D;
}

/** The same in stock operations, for tests. */
export function linearComposed(
  x: Tensor2D,
  weight: Tensor2D,
  bias: Tensor1D,
  { relu = false, inputFirst = false }: LinearOptions = {},
): Tensor2D {
  const y = tf.matMul(x, weight, false, !inputFirst).add<Tensor2D>(bias);
  return relu ? tf.relu(y) : y;
}
