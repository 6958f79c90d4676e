import { type ConvolutionShape, padOf, pixelTile, STEPS } from './convolution-shape.ts';
import {
  accumulate,
  declareTile,
  eachRow,
  leave,
  leaveColumns,
  type RegisterTile,
  registerMain,
  rowReader,
} from './register-tile.ts';

/** Of input channels, for the filter's gradient, whose pixels are the shared axis. */
export const FILTER_TILE: RegisterTile = { rows: 8, columns: 1 };

/** Four channels from `c` on of what begins at `at`; beyond `channels` they are 0. */
function channelsFrom(name: string, isVec: boolean, at: string, c: string, channels: string): string {
  if (isVec) return `${name}[(${at} + ${c}) >> 2]`;
  return `vec4<f32>(${STEPS.map((q) => `select(0.0, ${name}[${at} + ${c} + ${q}], ${c} + ${q} < ${channels})`).join(', ')})`;
}

/** WGSL of the input's gradient of which each invocation keeps some pixels of 4 channels in registers. */
export function inputGradientInRegisters(shape: ConvolutionShape, vecX: boolean, lanes: number | null): string {
  const { kernel, stride, dilation } = shape;
  const pad = padOf(shape);
  const tile = pixelTile(lanes);
  const rows = rowReader(tile.rows, lanes);
  // With a stride, pixels of one parity lie side by side in a tile, so that its taps are there for all of them or for none.
  const columnOf = (p: string) => (stride === 1 ? `${p} % params.W` : `column_of(${p} % params.W)`);
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
${registerMain(tile, lanes, 'i32')}
  let pixels = params.B * params.H * params.W;
  ${leave(lanes, 'params.Cin', 'pixels')}
  ${rows.read(
    (i, place) => `
  let p_${i} = min(row + ${place}, pixels - 1);
  let ix_${i} = ${columnOf(`p_${i}`)};
  let iy_${i} = (p_${i} / params.W) % params.H;
  let image_${i} = p_${i} / (params.W * params.H);`,
  )}
  ${declareTile(tile)}
  for (var ky = 0; ky < params.kernel; ky++) {
    for (var kx = 0; kx < params.kernel; kx++) {
      let start = (ky * ${kernel} + kx) * params.Cin * params.Cout;
      ${rows.read(
        (i) => `
      let ty_${i} = iy_${i} + ${pad} - ky * ${dilation};
      let tx_${i} = ix_${i} + ${pad} - kx * ${dilation};
      let oy_${i} = ty_${i} / ${stride};
      let ox_${i} = tx_${i} / ${stride};
      let in_${i} = ty_${i} >= 0 && tx_${i} >= 0 && oy_${i} < params.OH && ox_${i} < params.OW${stride === 1 ? '' : ` && ty_${i} % ${stride} == 0 && tx_${i} % ${stride} == 0`};
      let at_${i} = ((image_${i} * params.OH + clamp(oy_${i}, 0, params.OH - 1)) * params.OW + clamp(ox_${i}, 0, params.OW - 1)) * params.Cout;`,
      )}
      if (!(${rows.any('in')})) { continue; }
      for (var c = 0; c < params.Cout; c += 4) {
        ${rows.read((i) => `let read_${i} = select(vec4<f32>(0.0), dy[(at_${i} + c) >> 2], in_${i});`)}
        ${eachRow(tile, (i) => `let a_${i} = ${rows.of('read', i)};`)}
        ${STEPS.map((q) => `let t_${q} = filter4[(start + min(column + ${q}, params.Cin - 1) * params.Cout + c) >> 2];`).join('\n')}
        ${STEPS.map((q) => `let b_${q} = vec4<f32>(t_0[${q}], t_1[${q}], t_2[${q}], t_3[${q}]);`).join('\n')}
        ${accumulate(
          tile,
          4,
          (i, k) => `a_${i}[${k}]`,
          (k) => `b_${k}`,
        )}
      }
    }
  }
  ${leaveColumns(lanes, 'params.Cin')}
  ${eachRow(tile, (i) => {
    const pixel =
      stride === 1 ? `row + ${i}` : `row + ${i} - (row + ${i}) % params.W + column_of((row + ${i}) % params.W)`;
    return `if (row + ${i} < pixels) { put((${pixel}) * params.Cin + column, acc_${i}_0, params.Cin - column); }`;
  })}
}
fn put(at: i32, value: vec4<f32>, left: i32) {
  ${vecX ? 'dx[at >> 2] = value;' : STEPS.map((q) => `if (left > ${q}) { dx[at + ${q}] = value[${q}]; }`).join(' ')}
}`;
}

/** Pixels that the filter's gradient adds at once: where lanes share what they read, as many as give each of eight one vec4. */
const filterSteps = (lanes: number | null): number[] => (lanes ? STEPS : [0]);

/** WGSL of the filter's gradient: each invocation sums over all pixels, or a part of them, for 8 x 4 weights of one tap. */
export function filterGradientInRegisters(
  shape: ConvolutionShape,
  vecX: boolean,
  isSplit: boolean,
  lanes: number | null,
): string {
  const { kernel, stride, dilation } = shape;
  const pad = padOf(shape);
  const steps = filterSteps(lanes);
  // Two vec4 of input channels a pixel.
  const reads = rowReader(2 * steps.length, lanes);
  const channels = (at: string, half: string) => channelsFrom('x', vecX, at, `row + 4 * ${half}`, 'params.Cin');
  const tap = isSplit ? `i32(id.z) % ${kernel * kernel}` : 'i32(id.z)';
  // A part is of whole lines of the result, as many as are about its length.
  const lines = 'params.B * params.OH';
  const part = `i32(id.z) / ${kernel * kernel}`;
  const [from, to] = isSplit
    ? [`${part} * ${lines} / params.parts`, `(${part} + 1) * ${lines} / params.parts`]
    : ['0', lines];
  return /* wgsl */ `
${registerMain(FILTER_TILE, lanes, 'i32')}
  ${leave(lanes, 'params.Cout', 'params.Cin')}
  let dy0 = ${tap} / ${kernel} * ${dilation} - ${pad};
  let dx0 = ${tap} % ${kernel} * ${dilation} - ${pad};
  // Of a row of the result, the pixels whose tap lies in the picture.
  let first = max(0, (${stride - 1} - dx0) / ${stride});
  let behind = min(params.OW, (params.W - 1 - dx0) / ${stride} + 1);
  ${declareTile(FILTER_TILE)}
  let behind_line = ${to};
  for (var line = ${from}; line < behind_line; line++) {
    let iy = line % params.OH * ${stride} + dy0;
    if (iy < 0 || iy >= params.H) { continue; }
    let image = line / params.OH;
    for (var ox = first; ox < behind; ox += ${steps.length}) {
      ${reads.read(
        (i, place) => `
      let ox_${i} = ox + ${place} / 2;
      let at_${i} = ((image * params.H + iy) * params.W + min(ox_${i}, behind - 1) * ${stride} + dx0) * params.Cin;
      let read_${i} = ${lanes ? `select(vec4<f32>(0.0), ${channels(`at_${i}`, `(${place} % 2)`)}, ox_${i} < behind)` : channels(`at_${i}`, `(${place} % 2)`)};`,
      )}
      ${steps.flatMap((q) => [0, 1].map((half) => `let a_${q}_${half} = ${reads.of('read', 2 * q + half)};`)).join('\n')}
      ${steps.map((q) => `let b_${q} = dy[((line * params.OW + min(ox + ${q}, behind - 1)) * params.Cout + column) >> 2];`).join('\n')}
      ${accumulate(
        FILTER_TILE,
        steps.length,
        (i, q) => `a_${q}_${i >> 2}[${i & 3}]`,
        (q) => `b_${q}`,
      )}
    }
  }
  ${leaveColumns(lanes, 'params.Cout')}
  ${eachRow(FILTER_TILE, (i) => `if (row + ${i} < params.Cin) { gradient[((i32(id.z) * params.Cin + row + ${i}) * params.Cout + column) >> 2] = acc_${i}_0; }`)}
}`;
}
