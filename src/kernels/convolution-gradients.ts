import { emptyTensor, type Tensor4D, tf } from '../tf/index.ts';
import { FILTER_TILE, filterGradientInRegisters, inputGradientInRegisters } from './convolution-gradient-registers.ts';
import { type ConvolutionShape, pixelTile, shapeKey, sizes } from './convolution-shape.ts';
import { filterGradientInWorkgroups, inputGradientInWorkgroups } from './convolution-workgroup.ts';
import { dispatchProduct } from './dispatch-product.ts';
import { splitOf, splitSum } from './split-sum.ts';
import { type Problem, partsOf, VARIANTS, type Variant, variantFor } from './variants.ts';
import { WORKGROUP_TILES } from './workgroup-tile.ts';

/**
 * The gradient of a convolution's input: `dy` `[B,h,w,Cout]` f32, `filter` `[k,k,Cin,Cout]`, both borrowed, sizes multiples
 * of four. Returns `[B,H,W,Cin]`, the caller's. By the variant that is chosen for its size.
 */
export function convolutionInputGradient(
  dy: Tensor4D,
  filter: Tensor4D,
  shape: ConvolutionShape,
  input: readonly [number, number, number, number],
): Tensor4D {
  return convolutionInputGradientBy(
    variantFor(inputGradientProblem(dy, filter, shape, input)),
    dy,
    filter,
    shape,
    input,
  );
}

/** The same by that variant, which the device has to admit. Workgroups take channels in fours, at stride 1. */
export function convolutionInputGradientBy(
  variant: Variant,
  dy: Tensor4D,
  filter: Tensor4D,
  shape: ConvolutionShape,
  input: readonly [number, number, number, number],
): Tensor4D {
  const [B, H, W, Cin] = input;
  const [, OH, OW, Cout] = dy.shape;
  const dx = emptyTensor([B, H, W, Cin]) as Tensor4D;
  const vecX = Cin % 4 === 0;
  dispatchProduct(variant, {
    key: `convolution-input-gradient-${shapeKey(shape)}-${vecX ? 'vec4' : 'scalar'}`,
    buffers: [
      { name: 'dy', tensor: dy, type: 'vec4<f32>' },
      { name: 'filter4', tensor: filter, type: 'vec4<f32>' },
      { name: 'dx', tensor: dx, type: vecX ? 'vec4<f32>' : 'f32', written: true },
    ],
    uniforms: sizes({ B, H, W, Cin, OH, OW, Cout, kernel: shape.kernel }),
    results: [Cin, B * H * W, 1],
    inWorkgroups: (tile) => inputGradientInWorkgroups(shape, tile),
    inRegisters: (lanes) => inputGradientInRegisters(shape, vecX, lanes),
    registerTile: pixelTile,
  });
  return dx;
}

function inputGradientProblem(
  { shape: dyShape }: Tensor4D,
  { shape: filterShape }: Tensor4D,
  shape: ConvolutionShape,
  input: readonly [number, number, number, number],
): Problem {
  const [B, H, W, Cin] = input;
  return {
    operation: `convolution input gradient ${shapeKey(shape)}`,
    rows: B * H * W,
    columns: Cin,
    inner: shape.kernel ** 2 * dyShape[3],
    products: 1,
    variants:
      shape.stride === 1 && Cin % 4 === 0 ? ['registers', 'subgroup', ...WORKGROUP_TILES] : ['registers', 'subgroup'],
    open() {
      const [dy, filter] = [tf.fill([...dyShape], 1) as Tensor4D, tf.fill([...filterShape], 1) as Tensor4D];
      return {
        run: (variant) => convolutionInputGradientBy(variant, dy, filter, shape, input).dispose(),
        dispose: () => tf.dispose([dy, filter]),
      };
    },
  };
}

/**
 * The gradient of a convolution's filter: `x` `[B,H,W,Cin]`, `dy` `[B,h,w,Cout]` f32, borrowed; Cout a multiple of four.
 * Returns `[k,k,Cin,Cout]`, the caller's. By the variant that is chosen for its size: what is summed over is all pixels.
 */
export function convolutionFilterGradient(x: Tensor4D, dy: Tensor4D, shape: ConvolutionShape): Tensor4D {
  return convolutionFilterGradientBy(variantFor(filterGradientProblem(x, dy, shape)), x, dy, shape);
}

/** The same by that variant, which the device has to admit and the size to have. Workgroups take input channels in fours. */
export function convolutionFilterGradientBy(
  variant: Variant,
  x: Tensor4D,
  dy: Tensor4D,
  shape: ConvolutionShape,
): Tensor4D {
  const [B, H, W, Cin] = x.shape;
  const [, OH, OW, Cout] = dy.shape;
  const { kernel } = shape;
  const gradient = emptyTensor([kernel, kernel, Cin, Cout]) as Tensor4D;
  const vecX = Cin % 4 === 0;
  const split = partsOf(variant).split ? splitOf(gradient.size, B * OH * OW) : null;
  const sums = split ? emptyTensor([split.parts, ...gradient.shape]) : gradient;
  dispatchProduct(variant, {
    key: `convolution-filter-gradient-${shapeKey(shape)}-${vecX ? 'vec4' : 'scalar'}${split ? '-split' : ''}`,
    buffers: [
      { name: 'x', tensor: x, type: vecX ? 'vec4<f32>' : 'f32' },
      { name: 'dy', tensor: dy, type: 'vec4<f32>' },
      { name: 'gradient', tensor: sums, type: 'vec4<f32>', written: true },
    ],
    uniforms: sizes({ B, H, W, Cin, OH, OW, Cout, ...(split && { part: split.part, parts: split.parts }) }),
    results: [Cout, Cin, kernel * kernel * (split?.parts ?? 1)],
    inWorkgroups: (tile) => filterGradientInWorkgroups(shape, tile, split !== null),
    inRegisters: (lanes) => filterGradientInRegisters(shape, vecX, split !== null, lanes),
    registerTile: () => FILTER_TILE,
  });
  if (split) {
    splitSum(sums, gradient);
    sums.dispose();
  }
  return gradient;
}

function filterGradientProblem(
  { shape: xShape }: Tensor4D,
  { shape: dyShape }: Tensor4D,
  shape: ConvolutionShape,
): Problem {
  const [Cin, Cout] = [xShape[3], dyShape[3]];
  const pixels = dyShape[0] * dyShape[1] * dyShape[2];
  const canSplit = splitOf(shape.kernel ** 2 * Cin * Cout, pixels) !== null;
  return {
    operation: `convolution filter gradient ${shapeKey(shape)}`,
    rows: Cin,
    columns: Cout,
    inner: pixels,
    products: shape.kernel ** 2,
    variants: VARIANTS.filter((variant) => {
      const { tile, split } = partsOf(variant);
      return (canSplit || !split) && (Cin % 4 === 0 || tile === null);
    }),
    open() {
      const [x, dy] = [tf.fill([...xShape], 1) as Tensor4D, tf.fill([...dyShape], 1) as Tensor4D];
      return {
        run: (variant) => convolutionFilterGradientBy(variant, x, dy, shape).dispose(),
        dispose: () => tf.dispose([x, dy]),
      };
    },
  };
}
