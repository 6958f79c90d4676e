import { type DispatchInput, emptyTensor, type Tensor, type Tensor4D, tf } from '../tf/index.ts';
import { type ConvolutionShape, padOf, pixelTile, STEPS, shapeKey, sizes } from './convolution-shape.ts';
import { convolutionInWorkgroups } from './convolution-workgroup.ts';
import { dispatchProduct } from './dispatch-product.ts';
import {
  accumulate,
  declareTile,
  eachRow,
  leave,
  leaveColumns,
  registerMain,
  reluOf,
  rowReader,
} from './register-tile.ts';
import { type Problem, type Variant, variantFor } from './variants.ts';
import { WORKGROUP_TILES } from './workgroup-tile.ts';

export interface ConvolutionEpilogue {
  /** `[Cout]` f32: the sum is multiplied by `scale`, then `shift` is added. */
  readonly scale: Tensor;
  readonly shift: Tensor;
  /** `[B,h,w,Cout]` f32, added after that. */
  readonly residual?: Tensor;
  readonly relu: boolean;
}

/** Whether these programs can do it: they write four channels at a time. */
export function canConvolve(filter: Tensor4D): boolean {
  return filter.shape[3] % 4 === 0;
}

/** Height or width of the result. */
function convolvedLength(length: number, { stride }: ConvolutionShape): number {
  return Math.ceil(length / stride);
}

/**
 * relu(conv(x, filter) scale + shift + residual) in one dispatch, by the variant that is chosen for its size.
 *
 * `x` `[B,H,W,Cin]`, `filter` `[k,k,Cin,Cout]` f32, borrowed; Cout a multiple of four. Returns `[B,h,w,Cout]`, the caller's.
 * No gradient.
 */
export function convolve(
  x: Tensor4D,
  filter: Tensor4D,
  shape: ConvolutionShape,
  epilogue: ConvolutionEpilogue,
): Tensor4D {
  return convolveBy(variantFor(problemOf(x, filter, shape, epilogue)), x, filter, shape, epilogue);
}

/** The same by that variant, which the device has to admit. Workgroups take input channels in fours. */
export function convolveBy(
  variant: Variant,
  x: Tensor4D,
  filter: Tensor4D,
  shape: ConvolutionShape,
  epilogue: ConvolutionEpilogue,
): Tensor4D {
  const [B, H, W, Cin] = x.shape;
  const Cout = filter.shape[3];
  const out = { h: convolvedLength(H, shape), w: convolvedLength(W, shape) };
  const y = emptyTensor([B, out.h, out.w, Cout]) as Tensor4D;
  const vecX = Cin % 4 === 0;
  const { scale, shift, residual, relu } = epilogue;
  const buffers: DispatchInput[] = [
    { name: 'x', tensor: x, type: vecX ? 'vec4<f32>' : 'f32' },
    { name: 'filter4', tensor: filter, type: 'vec4<f32>' },
    { name: 'scale', tensor: scale, type: 'vec4<f32>' },
    { name: 'shift', tensor: shift, type: 'vec4<f32>' },
    { name: 'y', tensor: y, type: 'vec4<f32>', written: true },
    ...(residual ? [{ name: 'residual', tensor: residual, type: 'vec4<f32>' as const }] : []),
  ];
  const form = { residual: residual !== undefined, relu };
  dispatchProduct(variant, {
    key: `convolution-${shapeKey(shape)}-${vecX ? 'vec4' : 'scalar'}${residual ? '-residual' : ''}${relu ? '-relu' : ''}`,
    buffers,
    uniforms: sizes({ B, H, W, Cin, OH: out.h, OW: out.w, Cout, kernel: shape.kernel }),
    results: [Cout, B * out.h * out.w, 1],
    inWorkgroups: (tile) => convolutionInWorkgroups(shape, form, tile),
    inRegisters: (lanes) => forwardWgsl(shape, { ...form, vecX }, lanes),
    registerTile: pixelTile,
  });
  return y;
}

function problemOf(
  { shape: [B, H, W, Cin] }: Tensor4D,
  { shape: filterShape }: Tensor4D,
  shape: ConvolutionShape,
  { residual, relu }: ConvolutionEpilogue,
): Problem {
  const Cout = filterShape[3];
  const result: [number, number, number, number] = [B, convolvedLength(H, shape), convolvedLength(W, shape), Cout];
  return {
    operation: `convolution ${shapeKey(shape)}${residual ? ' residual' : ''}`,
    rows: B * result[1] * result[2],
    columns: Cout,
    inner: shape.kernel ** 2 * Cin,
    products: 1,
    variants: Cin % 4 === 0 ? ['registers', 'subgroup', ...WORKGROUP_TILES] : ['registers', 'subgroup'],
    open() {
      const [x, filter] = [tf.fill([B, H, W, Cin], 1) as Tensor4D, tf.fill([...filterShape], 1) as Tensor4D];
      const [scale, shift] = [tf.fill([Cout], 1), tf.fill([Cout], 0)];
      const added = residual ? tf.fill(result, 1) : undefined;
      const epilogue = { scale, shift, relu, ...(added && { residual: added }) };
      return {
        run: (variant) => convolveBy(variant, x, filter, shape, epilogue).dispose(),
        dispose: () => tf.dispose([x, filter, scale, shift, ...(added ? [added] : [])]),
      };
    },
  };
}

function forwardWgsl(
  shape: ConvolutionShape,
  form: { vecX: boolean; residual: boolean; relu: boolean },
  lanes: number | null,
): string {
  const { kernel, stride, dilation } = shape;
  const { vecX, residual, relu } = form;
  const isPointwise = kernel === 1;
  const tile = pixelTile(lanes);
  const rows = rowReader(tile.rows, lanes);
  // Pixels of the picture itself have three channels, which are read one by one.
  const steps = vecX ? STEPS : [0];
  const zero = vecX ? 'vec4<f32>(0.0)' : '0.0';
  const read = (i: string) => {
    const value = vecX ? `x[(at_${i} + c) >> 2]` : `x[at_${i} + c]`;
    return isPointwise ? value : `select(${zero}, ${value}, in_${i})`;
  };
  const weights = steps
    .map((q) => `let b_${q} = filter4[(start + (c + ${q}) * params.Cout + column) >> 2];`)
    .join('\n');
  return /* wgsl */ `
${registerMain(tile, lanes, 'i32')}
  let pixels = params.B * params.OH * params.OW;
  ${leave(lanes, 'params.Cout', 'pixels')}
  ${rows.read(
    (i, place) => `
  let p_${i} = min(row + ${place}, pixels - 1);
  let y0_${i} = (p_${i} / params.OW) % params.OH * ${stride} - ${padOf(shape)};
  let x0_${i} = p_${i} % params.OW * ${stride} - ${padOf(shape)};
  let image_${i} = p_${i} / (params.OW * params.OH) * params.H;`,
  )}
  ${declareTile(tile)}
  for (var ky = 0; ky < params.kernel; ky++) {
    for (var kx = 0; kx < params.kernel; kx++) {
      let start = (ky * ${kernel} + kx) * params.Cin * params.Cout;
      ${rows.read(
        (i) => `
      let iy_${i} = y0_${i} + ky * ${dilation};
      let ix_${i} = x0_${i} + kx * ${dilation};
      ${isPointwise ? '' : `let in_${i} = iy_${i} >= 0 && iy_${i} < params.H && ix_${i} >= 0 && ix_${i} < params.W;`}
      let at_${i} = ((image_${i} + ${isPointwise ? `iy_${i}` : `clamp(iy_${i}, 0, params.H - 1)`}) * params.W + ${isPointwise ? `ix_${i}` : `clamp(ix_${i}, 0, params.W - 1)`}) * params.Cin;`,
      )}
      for (var c = 0; c < params.Cin; c += ${steps.length}) {
        ${rows.read((i) => `let read_${i} = ${read(i)};`)}
        ${eachRow(tile, (i) => `let a_${i} = ${rows.of('read', i)};`)}
        ${weights}
        ${accumulate(
          tile,
          steps.length,
          (i, k) => (vecX ? `a_${i}[${k}]` : `a_${i}`),
          (k) => `b_${k}`,
        )}
      }
    }
  }
  ${leaveColumns(lanes, 'params.Cout')}
  let scales = scale[column >> 2];
  let shifts = shift[column >> 2];
  ${eachRow(tile, (i) => {
    const at = `((row + ${i}) * params.Cout + column) >> 2`;
    const sum = `acc_${i}_0 * scales + shifts${residual ? ` + residual[${at}]` : ''}`;
    return `if (row + ${i} < pixels) { let y_${i} = ${sum}; y[${at}] = ${relu ? reluOf(`y_${i}`) : `y_${i}`}; }`;
  })}
}`;
}
