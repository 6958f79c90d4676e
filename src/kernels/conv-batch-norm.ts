import { type Tensor, type Tensor1D, type Tensor4D, tf } from '../tf/index.ts';
import { convolve } from './convolution.ts';
import { convolutionFilterGradient, convolutionInputGradient } from './convolution-gradients.ts';
import type { ConvolutionShape } from './convolution-shape.ts';
import { outputGradient } from './output-gradient.ts';

/** A frozen batch norm, as a scale and a shift of each channel, and what follows it. */
export interface ConvBatchNormOptions {
  readonly scale: Tensor1D;
  readonly shift: Tensor1D;
  readonly residual?: Tensor4D;
  readonly relu: boolean;
  /** The gradient of `x` is not asked for, and not computed. */
  readonly frozenInput?: boolean;
}

/**
 * relu(conv(x, W) scale + shift + residual): a convolution with its frozen batch norm, the shortcut and the ReLU. One
 * dispatch forward, three backward at most.
 *
 * `x` `[B,H,W,Cin]`, `filter` `[k,k,Cin,Cout]`, `scale` and `shift` `[Cout]`, `residual` `[B,h,w,Cout]` f32, borrowed; sizes
 * as in `canConvolve`. Returns `[B,h,w,Cout]`, the caller's. Differentiable in the filter, in the residual, and in `x` unless
 * that is frozen; the batch norm has no gradient.
 */
export function convBatchNorm(
  x: Tensor4D,
  filter: Tensor4D,
  shape: ConvolutionShape,
  options: ConvBatchNormOptions,
): Tensor4D {
  const { scale, shift, residual, relu, frozenInput = false } = options;
  const apply = tf.customGrad((...args) => {
    const save = args.at(-1) as tf.GradSaveFunc;
    const weights = args[0] as Tensor4D;
    const added = residual ? (args[1] as Tensor4D) : undefined;
    const pixels = frozenInput ? x : (args.at(-2) as Tensor4D);
    const y = convolve(pixels, weights, shape, { scale, shift, relu, ...(added && { residual: added }) });
    save([weights, pixels, ...(relu ? [y] : [])]);
    const gradFunc = (dy: Tensor, saved: Tensor[]) => {
      const [savedFilter, savedPixels, activated] = saved as [Tensor4D, Tensor4D, Tensor4D | undefined];
      const { outer, inner } = outputGradient(dy, {
        scale,
        wantsOuter: added !== undefined,
        ...(activated && { activated }),
      });
      const g = inner as Tensor4D;
      return [
        convolutionFilterGradient(savedPixels, g, shape),
        ...(outer ? [outer] : []),
        ...(frozenInput ? [] : [convolutionInputGradient(g, savedFilter, shape, savedPixels.shape)]),
      ];
    };
    return { value: y, gradFunc };
  });
  return apply(filter, ...(residual ? [residual] : []), ...(frozenInput ? [] : [x])) as Tensor4D;
}

/** The same in stock operations, for tests. */
export function convBatchNormComposed(
  x: Tensor4D,
  filter: Tensor4D,
  { kernel, stride, dilation }: ConvolutionShape,
  { scale, shift, residual, relu }: ConvBatchNormOptions,
): Tensor4D {
  const pad = ((kernel - 1) / 2) * dilation;
  const y = tf.conv2d(x, filter, stride, pad, 'NHWC', dilation).mul<Tensor4D>(scale).add<Tensor4D>(shift);
  const sum = residual ? y.add<Tensor4D>(residual) : y;
  return relu ? tf.relu(sum) : sum;
}
