import { dispatch, emptyTensor, type Tensor, type Tensor4D, tf } from '../tf/index.ts';
import { ELEMENT_OF_WGSL, ELEMENT_WORKGROUP, elementWorkgroups } from './element-grid.ts';

/** How channels are read: four at once where their number allows it. */
function channels(C: number): { readonly width: 1 | 4; readonly vectors: number; readonly types: string } {
  const width = C % 4 === 0 ? 4 : 1;
  const types = width === 4 ? 'alias V = vec4<f32>; alias B = vec4<bool>;' : 'alias V = f32; alias B = bool;';
  return { width, vectors: C / width, types };
}

/** A window's rows are 2 oy - 1 to 2 oy + 1, those outside of the picture left out; columns alike. */
const WINDOW_WGSL = /* wgsl */ `
fn first_of(o: u32) -> u32 { return select(2u * o - 1u, 0u, o == 0u); }
fn place(n: u32, y: u32, x: u32, c: u32) -> u32 { return ((n * params.H + y) * params.W + x) * params.C + c; }
`;

const FORWARD_WGSL = /* wgsl */ `
${ELEMENT_OF_WGSL}
${WINDOW_WGSL}
@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = element_of(id);
  if (i >= params.size) { return; }
  let c = i % params.C;
  let ox = i / params.C % params.OW;
  let oy = i / (params.C * params.OW) % params.OH;
  let n = i / (params.C * params.OW * params.OH);
  let top = first_of(oy);
  let left = first_of(ox);
  var most = x[place(n, top, left, c)];
  for (var r = top; r <= min(2u * oy + 1u, params.H - 1u); r++) {
    for (var s = left; s <= min(2u * ox + 1u, params.W - 1u); s++) { most = max(most, x[place(n, r, s, c)]); }
  }
  y[i] = most;
}`;

/**
 * An element gathers from the windows that it is in, two in each direction at most: from each in which nothing before it,
 * row by row, is as large, and nothing behind it larger.
 */
const BACKWARD_WGSL = /* wgsl */ `
${ELEMENT_OF_WGSL}
${WINDOW_WGSL}
@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = element_of(id);
  if (i >= params.size) { return; }
  let c = i % params.C;
  let col = i / params.C % params.W;
  let row = i / (params.C * params.W) % params.H;
  let n = i / (params.C * params.W * params.H);
  let own = x[i];
  var sum = V(0.0);
  for (var oy = row / 2u; oy <= min((row + 1u) / 2u, params.OH - 1u); oy++) {
    for (var ox = col / 2u; ox <= min((col + 1u) / 2u, params.OW - 1u); ox++) {
      var chosen = B(true);
      for (var r = first_of(oy); r <= min(2u * oy + 1u, params.H - 1u); r++) {
        for (var s = first_of(ox); s <= min(2u * ox + 1u, params.W - 1u); s++) {
          let other = x[place(n, r, s, c)];
          let before = r < row || (r == row && s < col);
          chosen = chosen & select(other <= own, other < own, B(before));
        }
      }
      sum += select(V(0.0), dy[((n * params.OH + oy) * params.OW + ox) * params.C + c], chosen);
    }
  }
  dx[i] = sum;
}`;

interface Sizes {
  readonly H: number;
  readonly W: number;
  readonly OH: number;
  readonly OW: number;
}

function run(
  name: string,
  body: string,
  C: number,
  { H, W, OH, OW }: Sizes,
  read: Record<string, Tensor>,
  into: Tensor,
) {
  const { width, vectors, types } = channels(C);
  const type = width === 4 ? 'vec4<f32>' : 'f32';
  const size = into.size / width;
  const written = name === 'max-pool' ? 'y' : 'dx';
  dispatch({
    key: `${name}-${width}`,
    buffers: [
      ...Object.entries(read).map(([buffer, tensor]) => ({ name: buffer, tensor, type }) as const),
      { name: written, tensor: into, type, written: true },
    ],
    uniforms: Object.entries({ H, W, C: vectors, OH, OW, size }).map(
      ([uniform, value]) => ({ name: uniform, type: 'u32', value }) as const,
    ),
    wgsl: `${types}\n${body}`,
    workgroups: elementWorkgroups(size),
  });
}

/**
 * Max pooling over 3 x 3 with stride 2 and padding 1, as behind a ResNet's stem; what is outside of the picture is no candidate.
 *
 * `x` `[B, H, W, C]` f32, borrowed; returns `[B, ceil(H / 2), ceil(W / 2), C]` f32, the caller's. A window's gradient goes to
 * the first of its largest elements, row by row, as in PyTorch. For it `x` is kept.
 */
export function maxPool3x3(x: Tensor4D): Tensor4D {
  const [N, H, W, C] = x.shape;
  const sizes = { H, W, OH: Math.ceil(H / 2), OW: Math.ceil(W / 2) };
  const pool = tf.customGrad((...args) => {
    const save = args.at(-1) as unknown as (tensors: Tensor[]) => void; // typed as a tensor by tfjs
    const y = emptyTensor([N, sizes.OH, sizes.OW, C]);
    run('max-pool', FORWARD_WGSL, C, sizes, { x }, y);
    save([x]);
    return {
      value: y,
      gradFunc: (dy: Tensor, [kept]: Tensor[]) => {
        const dx = emptyTensor(x.shape);
        run('max-pool-gradient', BACKWARD_WGSL, C, sizes, { x: kept as Tensor, dy }, dx);
        return [dx];
      },
    };
  });
  return pool(x) as Tensor4D;
}

/** The same in a stock operation, for tests. Its gradient goes to every largest element of a window alike. */
export function maxPool3x3Composed(x: Tensor4D): Tensor4D {
  return tf.maxPool(x, 3, 2, 1);
}
