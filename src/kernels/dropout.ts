import { HASH32_WGSL, hash32, unitFloat } from '../base/hash.ts';
import { dispatch, emptyTensor, type Tensor, tf, UniformInput } from '../tf/index.ts';
import { ELEMENT_OF_WGSL, ELEMENT_WORKGROUP, elementWorkgroups } from './element-grid.ts';

/** Where and when a dropout is: with the element's index, the whole of its random state. */
export interface DropoutKey {
  readonly seed: number;
  /** As `stepInput` makes it. */
  readonly step: UniformInput;
  /** Which dropout of the model this is. */
  readonly place: number;
}

/** The step that dropouts draw their masks for, which a recorded step is told anew; the caller's. */
export function stepInput(step: number): UniformInput {
  return new UniformInput(stepValues(step));
}

/** What a `stepInput` is written with for another step. */
export function stepValues(step: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.of(step, 0, 0, 0);
}

const WGSL = /* wgsl */ `
${ELEMENT_OF_WGSL}
${HASH32_WGSL}
@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = element_of(id);
  if (i >= params.size) { return; }
  let keep = unit_float(hash32(params.seed, dropout_step[0].x, params.place, i)) >= params.rate;
  y[i] = select(0.0, x[i] * params.scale, keep);
}`;

/**
 * Inverted dropout: each element is zero with probability `rate`, else divided by `1 - rate`. Any shape, f32.
 *
 * The mask is a hash of (seed, step, place, element), so that a step can be repeated bit for bit; the gradient draws the
 * same mask again instead of keeping it. Borrows `x`; the result is the caller's.
 */
export function dropout<T extends Tensor>(x: T, rate: number, key: DropoutKey): T {
  if (rate === 0) return x.clone();
  const masked = tf.customGrad((input) => ({
    value: applyMask(input as Tensor, rate, key),
    gradFunc: (dy: Tensor) => applyMask(dy, rate, key),
  }));
  return masked(x) as T;
}

function applyMask(x: Tensor, rate: number, { seed, step, place }: DropoutKey): Tensor {
  const y = emptyTensor(x.shape);
  dispatch({
    key: 'dropout',
    buffers: [
      { name: 'x', tensor: x },
      { name: 'y', tensor: y, written: true },
    ],
    uniforms: [
      { name: 'size', type: 'u32', value: x.size },
      { name: 'seed', type: 'u32', value: seed >>> 0 },
      { name: 'place', type: 'u32', value: place },
      { name: 'rate', type: 'f32', value: rate },
      { name: 'scale', type: 'f32', value: 1 / (1 - rate) },
    ],
    inputs: { dropout_step: step },
    wgsl: WGSL,
    workgroups: elementWorkgroups(x.size),
  });
  return y;
}

/** The mask on the CPU, for tests: what each of the first `size` elements is multiplied by. */
export function dropoutMask(
  size: number,
  rate: number,
  { seed, step, place }: { readonly seed: number; readonly step: number; readonly place: number },
): Float32Array {
  const scale = Math.fround(1 / (1 - rate));
  return Float32Array.from({ length: size }, (_, i) =>
    unitFloat(hash32(seed, step, place, i)) >= Math.fround(rate) ? scale : 0,
  );
}
