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
 * `x` `[R, in]`, `weight` `[out, in]` (or `[in, out]`, see the options), `bias` `[out]` f32, borrowed; returns `[R, out]`, the
 * caller's. Differentiable in all three, but in `x` only where it is not frozen.
 */
export function fusedLinear(x: Tensor2D, weight: Tensor2D, bias: Tensor1D, options: LinearOptions = {}): Tensor2D {
  const { relu = false, frozenInput = false, inputFirst = false } = options;
  const apply = tf.customGrad((...args) => {
    const [w, b] = args as [Tensor, Tensor];
    const save = args.at(-1) as tf.GradSaveFunc;
    const rows = frozenInput ? x : (args.at(-2) as Tensor);
    const y = matmul(rows, w, { transposeB: !inputFirst, bias: b, relu });
    save([w, rows, ...(relu ? [y] : [])]);
    const gradFunc = (dy: Tensor, saved: Tensor[]) => {
      const [savedWeight, savedRows, activated] = saved as [Tensor, Tensor, Tensor | undefined];
      const g = activated ? outputGradient(dy, { activated }).inner : dy;
      const inputGradient = frozenInput ? [] : [matmul(g, savedWeight, { transposeB: inputFirst })];
      if (inputFirst) return [matmul(savedRows, g, { transposeA: true }), g.sum(0), ...inputGradient];
      const biasGradient = emptyTensor(bias.shape);
      const weightGradient = matmul(g, savedRows, { transposeA: true, rowSums: biasGradient });
      return [weightGradient, biasGradient, ...inputGradient];
    };
    return { value: y, gradFunc };
  });
  return apply(weight, bias, ...(frozenInput ? [] : [x])) as Tensor2D;
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
