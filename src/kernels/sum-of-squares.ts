import { dispatch, emptyTensor, type Tensor, type Tensor1D } from '../tf/index.ts';

const WORKGROUP = 256;

const WGSL = /* wgsl */ `
var<workgroup> partial: array<f32, ${WORKGROUP}>;

@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(local_invocation_index) lane: u32) {
  var total = 0.0;
  for (var i = lane; i < params.size; i += ${WORKGROUP}u) { total += x[i] * x[i]; }
  partial[lane] = total;
  workgroupBarrier();
  for (var half = ${WORKGROUP / 2}u; half > 0u; half /= 2u) {
    if (lane < half) { partial[lane] += partial[lane + half]; }
    workgroupBarrier();
  }
  if (lane == 0u) { sums[params.place] = partial[0]; }
}`;

/**
 * The sum of squares of each tensor, `[n]` f32, in their order; one dispatch a tensor, always in the same order of
 * addition. Borrows the tensors; the result is the caller's. A NaN or an infinity in a tensor shows in its sum.
 */
export function sumsOfSquares(tensors: readonly Tensor[]): Tensor1D {
  const sums = emptyTensor([tensors.length]) as Tensor1D;
  tensors.forEach((x, place) => {
    dispatch({
      key: 'sum-of-squares',
      buffers: [
        { name: 'x', tensor: x },
        { name: 'sums', tensor: sums, written: true },
      ],
      uniforms: [
        { name: 'size', type: 'u32', value: x.size },
        { name: 'place', type: 'u32', value: place },
      ],
      wgsl: WGSL,
      workgroups: [1],
    });
  });
  return sums;
}
