import { dispatch, storageBuffersOfDevice, type Tensor, type Tensor1D, type UniformInput } from '../tf/index.ts';
import { ELEMENT_OF_WGSL, ELEMENT_WORKGROUP, elementWorkgroups } from './element-grid.ts';

/** What is the same in every step of a run. */
export interface AdamwConstants {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** What changes from step to step. */
export interface AdamwStep {
  readonly lr: number;
  readonly weightDecay: number;
  /** The step's number, from 1. */
  readonly step: number;
}

/** One tensor that is updated. All four have one shape, f32; `parameter`, `first` and `second` are written in place. */
export interface AdamwTensors {
  readonly parameter: Tensor;
  readonly gradient: Tensor;
  readonly first: Tensor;
  readonly second: Tensor;
}

const BUFFERS_A_TENSOR = 4;

/** More tensors in one dispatch make its program long to compile, and save little. */
const MOST_AT_ONCE = 4;

/** The elements of several tensors one after the other; each has its own text, as a buffer cannot be chosen by a number. */
function wgsl(count: number): string {
  const tensors = [...Array(count).keys()];
  return /* wgsl */ `
${ELEMENT_OF_WGSL}
@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (guard[2] != 0.0) { return; }
  let scale = guard[0];
  let keep = rates[0].x;
  let rate = rates[0].y;
  let second_scale = rates[0].z;
  var i = element_of(id);
  ${tensors
    .map(
      (t) => `if (i < params.size_${t}) {
    let g = gradient_${t}[i] * scale;
    let m = params.beta1 * first_${t}[i] + params.one_minus_beta1 * g;
    let v = params.beta2 * second_${t}[i] + params.one_minus_beta2 * g * g;
    first_${t}[i] = m;
    second_${t}[i] = v;
    parameter_${t}[i] = parameter_${t}[i] * keep - rate * m / (sqrt(v) * second_scale + params.epsilon);
    return;
  }
  i -= params.size_${t};`,
    )
    .join('\n  ')}
}`;
}

/** A step's numbers as the programs take them, four; computed in double. */
export function adamwRates({ lr, weightDecay, step }: AdamwStep, { beta1, beta2 }: AdamwConstants) {
  return Float32Array.of(1 - lr * weightDecay, lr / (1 - beta1 ** step), 1 / Math.sqrt(1 - beta2 ** step), 0);
}

/**
 * One AdamW update of each tensor, in place: decay decoupled, moments corrected for their start; as many tensors a dispatch
 * as the device binds. `guard`, as `guardStep` leaves it, gives the factor of every gradient, or forbids the update; `rates`
 * holds `adamwRates`.
 *
 * `p <- p (1 - lr wd) - lr / (1 - b1^t) m / (sqrt(v / (1 - b2^t)) + eps)`. The tensors stay the caller's.
 * Source: Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019, algorithm 2, as in torch.optim.AdamW.
 */
export function adamwUpdate(
  tensors: readonly AdamwTensors[],
  guard: Tensor1D,
  rates: UniformInput,
  { beta1, beta2, epsilon }: AdamwConstants,
): void {
  const atOnce = Math.min(MOST_AT_ONCE, Math.floor((storageBuffersOfDevice() - 1) / BUFFERS_A_TENSOR));
  for (let start = 0; start < tensors.length; start += atOnce) {
    const group = tensors.slice(start, start + atOnce);
    dispatch({
      key: `adamw-${group.length}`,
      buffers: [
        ...group.flatMap(({ parameter, gradient, first, second }, t) => [
          { name: `gradient_${t}`, tensor: gradient },
          { name: `parameter_${t}`, tensor: parameter, written: true },
          { name: `first_${t}`, tensor: first, written: true },
          { name: `second_${t}`, tensor: second, written: true },
        ]),
        { name: 'guard', tensor: guard },
      ],
      uniforms: [
        ...group.map(({ parameter }, t) => ({ name: `size_${t}`, type: 'u32' as const, value: parameter.size })),
        { name: 'beta1', type: 'f32', value: beta1 },
        { name: 'one_minus_beta1', type: 'f32', value: 1 - beta1 },
        { name: 'beta2', type: 'f32', value: beta2 },
        { name: 'one_minus_beta2', type: 'f32', value: 1 - beta2 },
        { name: 'epsilon', type: 'f32', value: epsilon },
      ],
      inputs: { rates },
      wgsl: wgsl(group.length),
      workgroups: elementWorkgroups(group.reduce((sum, { parameter }) => sum + parameter.size, 0)),
    });
  }
}
