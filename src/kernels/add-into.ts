import { dispatch, type Tensor, UniformInput } from '../tf/index.ts';
import { ELEMENT_OF_WGSL, ELEMENT_WORKGROUP, elementWorkgroups } from './element-grid.ts';

export const ADD_INTO = 'add-into';

const WGSL = /* wgsl */ `
${ELEMENT_OF_WGSL}
@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = element_of(id);
  if (i >= params.size) { return; }
  // Not multiplied by zero: what stood there before may be anything.
  if (beginning[0].x == 1u) { sum[i] = x[i]; } else { sum[i] += x[i]; }
}`;

/** Whether a sum begins with the next addition; the caller's. */
export function sumBeginning(): UniformInput {
  return new UniformInput(sumBegins(true));
}

/** What a `sumBeginning` is written with. */
export function sumBegins(begins: boolean): Uint32Array<ArrayBuffer> {
  return Uint32Array.of(begins ? 1 : 0, 0, 0, 0);
}

/** `sum += x` in place, or `sum = x` where the sum begins; f32 of one size, both the caller's. */
export function addInto(sum: Tensor, x: Tensor, beginning: UniformInput): void {
  dispatch({
    key: ADD_INTO,
    buffers: [
      { name: 'x', tensor: x },
      { name: 'sum', tensor: sum, written: true },
    ],
    uniforms: [{ name: 'size', type: 'u32', value: x.size }],
    inputs: { beginning },
    wgsl: WGSL,
    workgroups: elementWorkgroups(x.size),
  });
}
