import { dispatch, emptyTensor, type Tensor4D } from '../tf/index.ts';
import { type ConvolutionShape, groups, main, PIXEL_TILE, padOf, STEPS, shapeKey, sizes } from './convolution-shape.ts';
import { accumulate, declareTile, eachRow, type RegisterTile } from './register-tile.ts';

/** Of input channels, for the filter's gradient, whose pixels are the shared axis. */
const FILTER_TILE: RegisterTile = { rows: 8, columns: 1 };

/**
 * The gradient of a convolution's input: `dy` `[B,h,w,Cout]` f32, `filter` `[k,k,Cin,Cout]`, both borrowed, sizes multiples
 * of four. Returns `[B,H,W,Cin]`, the caller's.
 */
export function convolutionInputGradient(
  dy: Tensor4D,
  filter: Tensor4D,
  shape: ConvolutionShape,
  input: readonly [number, number, number, number],
): Tensor4D {
  const [B, H, W, Cin] = input;
  const [, OH, OW, Cout] = dy.shape;
  const dx = emptyTensor([B, H, W, Cin]) as Tensor4D;
  const vecX = Cin % 4 === 0;
  dispatch({
    key: `convolution-input-gradient-${shapeKey(shape)}-${vecX ? 'vec4' : 'scalar'}`,
    buffers: [
      { name: 'dy', tensor: dy, type: 'vec4<f32>' },
      { name: 'filter4', tensor: filter, type: 'vec4<f32>' },
      { name: 'dx', tensor: dx, type: vecX ? 'vec4<f32>' : 'f32', written: true },
    ],
    uniforms: sizes({ B, H, W, Cin, OH, OW, Cout, kernel: shape.kernel }),
    wgsl: inputGradientWgsl(shape, vecX),
    workgroups: groups(PIXEL_TILE, Cin, B * H * W, 1),
  });
  return dx;
}

/**
 * The gradient of a convolution's filter: `x` `[B,H,W,Cin]`, `dy` `[B,h,w,Cout]` f32, borrowed; Cout a multiple of four.
 * Returns `[k,k,Cin,Cout]`, the caller's. Each invocation sums over all pixels for 8 x 4 weights of one tap.
 */
export function convolutionFilterGradient(x: Tensor4D, dy: Tensor4D, shape: ConvolutionShape): Tensor4D {
  const [B, H, W, Cin] = x.shape;
  const [, OH, OW, Cout] = dy.shape;
  const { kernel } = shape;
  const gradient = emptyTensor([kernel, kernel, Cin, Cout]) as Tensor4D;
  const vecX = Cin % 4 === 0;
  dispatch({
    key: `convolution-filter-gradient-${shapeKey(shape)}-${vecX ? 'vec4' : 'scalar'}`,
    buffers: [
      { name: 'x', tensor: x, type: vecX ? 'vec4<f32>' : 'f32' },
      { name: 'dy', tensor: dy, type: 'vec4<f32>' },
      { name: 'gradient', tensor: gradient, type: 'vec4<f32>', written: true },
    ],
    uniforms: sizes({ B, H, W, Cin, OH, OW, Cout }),
    wgsl: filterGradientWgsl(shape, vecX),
    workgroups: groups(FILTER_TILE, Cout, Cin, kernel * kernel),
  });
  return gradient;
}

/** Four channels from `c` on of what begins at `at`; beyond `channels` they are 0. */
function channelsFrom(name: string, isVec: boolean, at: string, c: string, channels: string): string {
  if (isVec) return `${name}[(${at} + ${c}) >> 2]`;
  return `vec4<f32>(${STEPS.map((q) => `select(0.0, ${name}[${at} + ${c} + ${q}], ${c} + ${q} < ${channels})`).join(', ')})`;
}

function inputGradientWgsl(shape: ConvolutionShape, vecX: boolean): string {
  const { kernel, stride, dilation } = shape;
  const pad = padOf(shape);
  // With a stride, pixels of one parity lie side by side in a tile, so that its taps are there for all of them or for none.
  const columnOf = (i: number) => (stride === 1 ? `p_${i} % params.W` : `column_of(p_${i} % params.W)`);
  return /* wgsl */ `
${
  stride === 1
    ? ''
    : /* wgsl */ `fn column_of(place: i32) -> i32 {
  var left = place;
  for (var phase = 0; phase < ${stride}; phase++) {
    let count = (params.W - phase + ${stride - 1}) / ${stride};
    if (left < count) { return left * ${stride} + phase; }
    left -= count;
  }
  return 0;
}`
}
${main(PIXEL_TILE)}
  let pixels = params.B * params.H * params.W;
  if (column >= params.Cin || row >= pixels) { return; }
  ${eachRow(
    PIXEL_TILE,
    (i) => `
  let p_${i} = min(row + ${i}, pixels - 1);
  let ix_${i} = ${columnOf(i)};
  let iy_${i} = (p_${i} / params.W) % params.H;
  let image_${i} = p_${i} / (params.W * params.H);`,
  )}
  ${declareTile(PIXEL_TILE)}
  for (var ky = 0; ky < params.kernel; ky++) {
    for (var kx = 0; kx < params.kernel; kx++) {
      let start = (ky * ${kernel} + kx) * params.Cin * params.Cout;
      ${eachRow(
        PIXEL_TILE,
        (i) => `
      let ty_${i} = iy_${i} + ${pad} - ky * ${dilation};
      let tx_${i} = ix_${i} + ${pad} - kx * ${dilation};
      let oy_${i} = ty_${i} / ${stride};
      let ox_${i} = tx_${i} / ${stride};
      let in_${i} = ty_${i} >= 0 && tx_${i} >= 0 && oy_${i} < params.OH && ox_${i} < params.OW${stride === 1 ? '' : ` && ty_${i} % ${stride} == 0 && tx_${i} % ${stride} == 0`};
      let at_${i} = ((image_${i} * params.OH + clamp(oy_${i}, 0, params.OH - 1)) * params.OW + clamp(ox_${i}, 0, params.OW - 1)) * params.Cout;`,
      )}
      if (!(${[...Array(PIXEL_TILE.rows).keys()].map((i) => `in_${i}`).join(' || ')})) { continue; }
      for (var c = 0; c < params.Cout; c += 4) {
        ${eachRow(PIXEL_TILE, (i) => `let a_${i} = select(vec4<f32>(0.0), dy[(at_${i} + c) >> 2], in_${i});`)}
        ${STEPS.map((q) => `let t_${q} = filter4[(start + min(column + ${q}, params.Cin - 1) * params.Cout + c) >> 2];`).join('\n')}
        ${STEPS.map((q) => `let b_${q} = vec4<f32>(t_0[${q}], t_1[${q}], t_2[${q}], t_3[${q}]);`).join('\n')}
        ${accumulate(
          PIXEL_TILE,
          4,
          (i, k) => `a_${i}[${k}]`,
          (k) => `b_${k}`,
        )}
      }
    }
  }
  ${eachRow(PIXEL_TILE, (i) => `if (row + ${i} < pixels) { put(((image_${i} * params.H + iy_${i}) * params.W + ix_${i}) * params.Cin + column, acc_${i}_0, params.Cin - column); }`)}
}
fn put(at: i32, value: vec4<f32>, left: i32) {
  ${vecX ? 'dx[at >> 2] = value;' : STEPS.map((q) => `if (left > ${q}) { dx[at + ${q}] = value[${q}]; }`).join(' ')}
}`;
}

function filterGradientWgsl(shape: ConvolutionShape, vecX: boolean): string {
  const { kernel, stride, dilation } = shape;
  const pad = padOf(shape);
  const read = (q: number) => channelsFrom('x', vecX, 'at', `row + ${4 * q}`, 'params.Cin');
  return /* wgsl */ `
${main(FILTER_TILE)}
  if (column >= params.Cout || row >= params.Cin) { return; }
  let dy0 = i32(id.z) / ${kernel} * ${dilation} - ${pad};
  let dx0 = i32(id.z) % ${kernel} * ${dilation} - ${pad};
  // Of a row of the result, the pixels whose tap lies in the picture.
  let first = max(0, (${stride - 1} - dx0) / ${stride});
  let behind = min(params.OW, (params.W - 1 - dx0) / ${stride} + 1);
  ${declareTile(FILTER_TILE)}
  for (var image = 0; image < params.B; image++) {
    for (var oy = 0; oy < params.OH; oy++) {
      let iy = oy * ${stride} + dy0;
      if (iy < 0 || iy >= params.H) { continue; }
      for (var ox = first; ox < behind; ox++) {
        let at = ((image * params.H + iy) * params.W + ox * ${stride} + dx0) * params.Cin;
        let a_0 = ${read(0)};
        let a_1 = ${read(1)};
        let b_0 = dy[(((image * params.OH + oy) * params.OW + ox) * params.Cout + column) >> 2];
        ${accumulate(
          FILTER_TILE,
          1,
          (i) => `a_${i >> 2}[${i & 3}]`,
          () => 'b_0',
        )}
      }
    }
  }
  ${eachRow(FILTER_TILE, (i) => `if (row + ${i} < params.Cin) { gradient[((i32(id.z) * params.Cin + row + ${i}) * params.Cout + column) >> 2] = acc_${i}_0; }`)}
}`;
}
