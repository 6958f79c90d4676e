import { dispatch, emptyTensor, storageBuffersOfDevice, type Tensor, type Tensor1D } from '../tf/index.ts';

const WORKGROUP = 256;

/** More tensors in one dispatch make its program long to compile, and save little. */
const MOST_AT_ONCE = 15;

/** A workgroup a tensor; each has its own loop, as a buffer cannot be chosen by a number. */
function wgsl(count: number): string {
  const places = [...Array(count).keys()];
  return /* wgsl */ `
var<workgroup> partial: array<f32, ${WORKGROUP}>;

@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  var total = 0.0;
  switch group.x {
    ${places
      .map(
        (i) =>
          `case ${i}u: { for (var i = lane; i < params.size_${i}; i += ${WORKGROUP}u) { total += x_${i}[i] * x_${i}[i]; } }`,
      )
      .join('\n    ')}
    default: {}
  }
  partial[lane] = total;
  workgroupBarrier();
  for (var half = ${WORKGROUP / 2}u; half > 0u; half /= 2u) {
    if (lane < half) { partial[lane] += partial[lane + half]; }
    workgroupBarrier();
  }
  if (lane == 0u) { sums[params.first + group.x] = partial[0]; }
}`;
}

/**
 * The sum of squares of each tensor, `[n]` f32, in their order; as many tensors a dispatch as the device binds, always in
 * the same order of addition. Borrows the tensors; the result is the caller's. A NaN or an infinity in a tensor shows in its sum.
 */
export function sumsOfSquares(tensors: readonly Tensor[]): Tensor1D {
  const sums = emptyTensor([tensors.length]) as Tensor1D;
  const atOnce = Math.min(MOST_AT_ONCE, storageBuffersOfDevice() - 1);
  for (let first = 0; first < tensors.length; first += atOnce) {
    const group = tensors.slice(first, first + atOnce);
    dispatch({
      key: `sums-of-squares-${group.length}`,
      buffers: [
        ...group.map((tensor, i) => ({ name: `x_${i}`, tensor })),
        { name: 'sums', tensor: sums, written: true },
      ],
      uniforms: [
        ...group.map(({ size }, i) => ({ name: `size_${i}`, type: 'u32' as const, value: size })),
        { name: 'first', type: 'u32', value: first },
      ],
      wgsl: wgsl(group.length),
      workgroups: [group.length],
    });
  }
  return sums;
}
