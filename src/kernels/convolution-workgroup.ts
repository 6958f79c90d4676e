import { type ConvolutionShape, padOf } from './convolution-shape.ts';
import { eachRow, reluOf } from './register-tile.ts';
import { tileProgram, type WorkgroupTile } from './workgroup-tile.ts';

/**
 * The three sides of a convolution as products over tiles in workgroup memory (implicit matrix products: what would be the
 * columns of im2col is read from where it lies). All channels are multiples of four.
 */

const vectorsOf = ({ registers }: WorkgroupTile): number[] => [...Array(registers.columns).keys()];

/** The tap and the channel of step `k` of an axis that holds `channels` for each tap. */
function tapOf({ kernel }: ConvolutionShape, channels: string): string {
  if (kernel === 1) return 'let c = k;\n  let ky = 0;\n  let kx = 0;';
  return `let tap = k / ${channels};
  let c = k % ${channels};
  let ky = tap / ${kernel};
  let kx = tap % ${kernel};`;
}

/** WGSL of the pass forward: rows are pixels of the result, columns its channels, and taps of input channels are summed over. */
export function convolutionInWorkgroups(
  shape: ConvolutionShape,
  { residual, relu }: { readonly residual: boolean; readonly relu: boolean },
  tile: WorkgroupTile,
): string {
  const { kernel, stride, dilation } = shape;
  const result = (i: number, j: number) => {
    const y = `y_${i}_${j}`;
    const at = `((row + ${i}) * params.Cout + column_${j}) >> 2`;
    return `if (row + ${i} < pixels && column_${j} < params.Cout) {
    let ${y} = acc_${i}_${j} * scales_${j} + shifts_${j}${residual ? ` + residual[${at}]` : ''};
    y[${at}] = ${relu ? reluOf(y) : y};
  }`;
  };
  return /* wgsl */ `
fn load_a(z: i32, row: i32, k: i32) -> vec4<f32> {
  ${tapOf(shape, 'params.Cin')}
  let iy = row / params.OW % params.OH * ${stride} - ${padOf(shape)} + ky * ${dilation};
  let ix = row % params.OW * ${stride} - ${padOf(shape)} + kx * ${dilation};
  let image = row / (params.OW * params.OH);
  let is_there = k < ${kernel * kernel} * params.Cin && image < params.B && iy >= 0 && iy < params.H && ix >= 0 && ix < params.W;
  if (!is_there) { return vec4<f32>(0.0); }
  return x[(((image * params.H + iy) * params.W + ix) * params.Cin + c) >> 2];
}
fn load_b(z: i32, k: i32, column: i32) -> vec4<f32> {
  if (k >= ${kernel * kernel} * params.Cin) { return vec4<f32>(0.0); }
  return filter4[(k * params.Cout + column) >> 2];
}
${tileProgram({
  tile,
  axes: { a: 'shared', b: 'columns' },
  integer: 'i32',
  product: '0',
  from: '0',
  to: `${kernel * kernel} * params.Cin`,
  results: `let pixels = params.B * params.OH * params.OW;
  ${vectorsOf(tile)
    .map((j) => `let scales_${j} = scale[column_${j} >> 2]; let shifts_${j} = shift[column_${j} >> 2];`)
    .join('\n')}
  ${eachRow(tile.registers, (i) =>
    vectorsOf(tile)
      .map((j) => result(i, j))
      .join('\n'),
  )}`,
})}`;
}

/** WGSL of the input's gradient at stride 1: rows are pixels of the input, columns its channels; taps of output channels are summed over. */
export function inputGradientInWorkgroups(shape: ConvolutionShape, tile: WorkgroupTile): string {
  const { kernel, dilation } = shape;
  return /* wgsl */ `
fn load_a(z: i32, row: i32, k: i32) -> vec4<f32> {
  ${tapOf(shape, 'params.Cout')}
  let oy = row / params.W % params.H + ${padOf(shape)} - ky * ${dilation};
  let ox = row % params.W + ${padOf(shape)} - kx * ${dilation};
  let image = row / (params.W * params.H);
  let is_there = k < ${kernel * kernel} * params.Cout && image < params.B && oy >= 0 && oy < params.OH && ox >= 0 && ox < params.OW;
  if (!is_there) { return vec4<f32>(0.0); }
  return dy[(((image * params.OH + oy) * params.OW + ox) * params.Cout + c) >> 2];
}
fn load_b(z: i32, k: i32, column: i32) -> vec4<f32> {
  ${tapOf(shape, 'params.Cout')}
  if (k >= ${kernel * kernel} * params.Cout || column >= params.Cin) { return vec4<f32>(0.0); }
  return filter4[(((ky * ${kernel} + kx) * params.Cin + column) * params.Cout + c) >> 2];
}
${tileProgram({
  tile,
  axes: { a: 'shared', b: 'shared' },
  integer: 'i32',
  product: '0',
  from: '0',
  to: `${kernel * kernel} * params.Cout`,
  results: eachRow(tile.registers, (i) =>
    vectorsOf(tile)
      .map(
        (j) => `if (row + ${i} < params.B * params.H * params.W && column_${j} < params.Cin) {
    dx[((row + ${i}) * params.Cin + column_${j}) >> 2] = acc_${i}_${j};
  }`,
      )
      .join('\n'),
  ),
})}`;
}

/**
 * WGSL of the filter's gradient: a product a tap, rows are input channels, columns output channels, and pixels of the result
 * are summed over, where the sum is split `params.part` of them at a time, each part with taps of its own.
 */
export function filterGradientInWorkgroups(shape: ConvolutionShape, tile: WorkgroupTile, isSplit: boolean): string {
  const { kernel, stride, dilation } = shape;
  const taps = kernel * kernel;
  const pixels = 'params.B * params.OH * params.OW';
  return /* wgsl */ `
fn load_a(tap: i32, row: i32, k: i32) -> vec4<f32> {
  let iy = k / params.OW % params.OH * ${stride} - ${padOf(shape)} + tap / ${kernel} * ${dilation};
  let ix = k % params.OW * ${stride} - ${padOf(shape)} + tap % ${kernel} * ${dilation};
  let image = k / (params.OW * params.OH);
  let is_there = image < params.B && iy >= 0 && iy < params.H && ix >= 0 && ix < params.W;
  if (!is_there) { return vec4<f32>(0.0); }
  return x[(((image * params.H + iy) * params.W + ix) * params.Cin + row) >> 2];
}
fn load_b(tap: i32, k: i32, column: i32) -> vec4<f32> {
  if (k >= ${pixels}) { return vec4<f32>(0.0); }
  return dy[(k * params.Cout + column) >> 2];
}
${tileProgram({
  tile,
  axes: { a: 'rows', b: 'columns' },
  integer: 'i32',
  product: `group.z % ${taps}`,
  from: isSplit ? `group.z / ${taps} * params.part` : '0',
  to: isSplit ? `min(${pixels}, (group.z / ${taps} + 1) * params.part)` : pixels,
  results: eachRow(tile.registers, (i) =>
    vectorsOf(tile)
      .map(
        (j) => `if (row + ${i} < params.Cin && column_${j} < params.Cout) {
    gradient[((group.z * params.Cin + row + ${i}) * params.Cout + column_${j}) >> 2] = acc_${i}_${j};
  }`,
      )
      .join('\n'),
  ),
})}`;
}
