import { jit, lax, numpy as np } from '@jax-js/jax';
import { convolve } from '../../src/kernels/convolution.ts';
import { convolutionFilterGradient, convolutionInputGradient } from '../../src/kernels/convolution-gradients.ts';
import type { ConvolutionShape } from '../../src/kernels/convolution-shape.ts';
import { type Tensor, type Tensor2D, type Tensor4D, tf } from '../../src/tf/index.ts';
import { jaxGradients } from './jax.ts';
import { type KernelCase, type OpenKernel, operand } from './kernel-case.ts';

interface Convolution extends ConvolutionShape {
  /** Height and width of the input. */
  readonly side: number;
  readonly inC: number;
  readonly outC: number;
}

type Side = 'forward' | 'dX' | 'dW';

const NCHW = [0, 3, 1, 2];
const FROM_NCHW = [0, 2, 3, 1];
const OIHW = [3, 2, 0, 1];
const FROM_OIHW = [2, 3, 1, 0];

/** The convolutions of ResNet-50 for one square picture, each once; the stem's has no gradient anywhere in DETR. */
export function convolutionCases(picturePx: number): KernelCase[] {
  const stem = { kernel: 7, stride: 2, side: picturePx, inC: 3, outC: 64, dilation: 1 };
  return [
    sideOf(stem, 'forward'),
    ...resnet50(picturePx).flatMap((one) => [sideOf(one, 'forward'), sideOf(one, 'dX'), sideOf(one, 'dW')]),
  ];
}

function resnet50(picturePx: number): Convolution[] {
  return [0, 1, 2, 3].flatMap((stage) => {
    const C = 64 * 2 ** stage;
    const side = Math.ceil(picturePx / (4 * 2 ** stage));
    const before = Math.ceil(picturePx / (2 * 2 ** stage));
    const one = { kernel: 1, stride: 1, dilation: 1, side };
    const within: Convolution[] = [
      { ...one, kernel: 3, inC: C, outC: C },
      { ...one, inC: 4 * C, outC: C },
      { ...one, inC: C, outC: 4 * C },
    ];
    if (stage === 0) return within;
    const down = { ...one, stride: 2, side: before };
    return [{ ...down, kernel: 3, inC: C, outC: C }, { ...down, inC: 2 * C, outC: 4 * C }, ...within];
  });
}

function sideOf(convolution: Convolution, side: Side): KernelCase {
  const { kernel, stride, side: length, inC, outC } = convolution;
  const out = Math.ceil(length / stride);
  return {
    name: `conv ${kernel}x${kernel}${stride === 1 ? '' : ` stride ${stride}`}, ${length}x${length}, ${inC} to ${outC}, ${side}`,
    flop: 2 * out ** 2 * kernel ** 2 * inC * outC,
    open: () => open(convolution, side),
  };
}

async function open(convolution: Convolution, side: Side): Promise<OpenKernel> {
  const { kernel, stride, side: length, inC, outC } = convolution;
  const out = Math.ceil(length / stride);
  const pad = (kernel - 1) / 2;
  const x = await operand([1, length, length, inC], 1, NCHW);
  const filter = await operand([kernel, kernel, inC, outC], 2, OIHW);
  const dy = await operand([1, out, out, outC], 3, NCHW);
  const one = { tensor: tf.ones([outC]), array: np.ones([1]) };
  const none = { tensor: tf.zeros([outC]), array: np.zeros([1]) };
  const [X, W, DY] = [x.tensor as Tensor4D, filter.tensor as Tensor4D, dy.tensor as Tensor4D];
  const apply = (a: np.Array, w: np.Array) =>
    lax.conv(
      a,
      w,
      [stride, stride],
      [
        [pad, pad],
        [pad, pad],
      ],
    );
  const forward = jit(apply);
  const backward = jaxGradients(apply, [side === 'dX' ? 0 : 1]);
  const epilogue = { scale: one.tensor, shift: none.tensor, relu: false };
  const ours: Record<Side, () => Tensor> = {
    forward: () => convolve(X, W, convolution, epilogue),
    dX: () => convolutionInputGradient(DY, W, convolution, X.shape),
    dW: () => convolutionFilterGradient(X, DY, convolution),
  };
  const stock = kernel === 1 && stride === 1 ? stockPointwise(X, W, DY) : stockConvolution(X, W, DY, stride, pad);
  return {
    operands: [x, filter, dy, one, none],
    ours: () => [ours[side]()],
    stock: () => [stock[side]()],
    jax: () => {
      const inputs = [x.array.ref, filter.array.ref] as const;
      return side === 'forward' ? [forward(...inputs)] : backward(...inputs, dy.array.ref);
    },
    jaxAxes: side === 'dW' ? FROM_OIHW : FROM_NCHW,
  };
}

/** Stock operations' own convolution and what its gradient calls. */
function stockConvolution(
  x: Tensor4D,
  filter: Tensor4D,
  dy: Tensor4D,
  stride: number,
  pad: number,
): Record<Side, () => Tensor> {
  return {
    forward: () => tf.conv2d(x, filter, stride, pad),
    dX: () => tf.conv2dTranspose(dy, filter, x.shape, stride, pad),
    dW: () =>
      tf.engine().runKernel(
        'Conv2DBackpropFilter',
        { x, dy },
        {
          strides: stride,
          pad,
          dataFormat: 'NHWC',
          filterShape: filter.shape,
        },
      ) as Tensor,
  };
}

/** As products of matrices, as in the stock step. */
function stockPointwise(x: Tensor4D, filter: Tensor4D, dy: Tensor4D): Record<Side, () => Tensor> {
  const [inC, outC] = [filter.shape[2], filter.shape[3]];
  const rows = () => x.reshape<Tensor2D>([-1, inC]);
  const gradient = () => dy.reshape<Tensor2D>([-1, outC]);
  const matrix = () => filter.reshape<Tensor2D>([inC, outC]);
  return {
    forward: () => tf.matMul(rows(), matrix()).reshape(dy.shape),
    dX: () => tf.matMul(gradient(), matrix(), false, true).reshape(x.shape),
    dW: () => tf.matMul(rows(), gradient(), true).reshape(filter.shape),
  };
}
