import { dispatch, emptyTensor, type Tensor } from '../tf/index.ts';
import { ELEMENT_OF_WGSL, ELEMENT_WORKGROUP, elementWorkgroups } from './element-grid.ts';

/** The largest number that f16 holds; what is larger is cut to it, since WGSL leaves open what else would come out. */
export const LARGEST_HALF = 65_504;

const PACK_WGSL = /* wgsl */ `
${ELEMENT_OF_WGSL}
@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = element_of(id);
  if (i >= params.words) { return; }
  let pair = clamp(vec2<f32>(x[2u * i], x[2u * i + 1u]), vec2<f32>(-${LARGEST_HALF}.0), vec2<f32>(${LARGEST_HALF}.0));
  packed[i] = bitcast<i32>(pack2x16float(pair));
}`;

const UNPACK_WGSL = /* wgsl */ `
${ELEMENT_OF_WGSL}
@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = element_of(id);
  if (i >= params.words) { return; }
  let pair = unpack2x16float(bitcast<u32>(packed[i]));
  x[2u * i] = pair.x;
  x[2u * i + 1u] = pair.y;
}`;

/**
 * Numbers as f16, two a word: `x` of any shape and an even size, f32, borrowed; returns `[size / 2]` i32, the first of a
 * pair in the lower half, the caller's. WGSL's `pack2x16float`, which needs no `shader-f16`.
 */
export function packHalf(x: Tensor): Tensor {
  const packed = emptyTensor([x.size / 2], 'int32');
  dispatch({
    key: 'half-pack',
    buffers: [
      { name: 'x', tensor: x },
      { name: 'packed', tensor: packed, type: 'i32', written: true },
    ],
    uniforms: [{ name: 'words', type: 'u32', value: packed.size }],
    wgsl: PACK_WGSL,
    workgroups: elementWorkgroups(packed.size),
  });
  return packed;
}

/** The way back: `packed` `[n]` i32, borrowed, as f32 of `shape`, which has 2 n elements; the caller's. */
export function unpackHalf(packed: Tensor, shape: number[]): Tensor {
  const x = emptyTensor(shape);
  dispatch({
    key: 'half-unpack',
    buffers: [
      { name: 'packed', tensor: packed, type: 'i32' },
      { name: 'x', tensor: x, written: true },
    ],
    uniforms: [{ name: 'words', type: 'u32', value: packed.size }],
    wgsl: UNPACK_WGSL,
    workgroups: elementWorkgroups(packed.size),
  });
  return x;
}
