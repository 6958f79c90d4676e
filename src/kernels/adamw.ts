import { dispatch, type Tensor } from '../tf/index.ts';
import { ELEMENT_OF_WGSL, ELEMENT_WORKGROUP, elementWorkgroups } from './element-grid.ts';

/** The numbers of one AdamW step, the same for every element. */
export interface AdamwStep {
  readonly lr: number;
  readonly weightDecay: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** What the gradient is multiplied by first (clipping, mean over mini-batches). */
  readonly gradientScale: number;
  /** The step's number, from 1. */
  readonly step: number;
}

const WGSL = /* wgsl */ `
${ELEMENT_OF_WGSL}
@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = element_of(id);
  if (i >= params.size) { return; }
  let g = gradient[i] * params.gradient_scale;
  let m = params.beta1 * first[i] + params.one_minus_beta1 * g;
  let v = params.beta2 * second[i] + params.one_minus_beta2 * g * g;
  first[i] = m;
  second[i] = v;
  parameter[i] = parameter[i] * params.keep - params.rate * m / (sqrt(v) * params.second_scale + params.epsilon);
}`;

/**
 * One AdamW update of one tensor, in place: decay decoupled, moments corrected for their start.
 *
 * `p <- p (1 - lr wd) - lr / (1 - b1^t) m / (sqrt(v / (1 - b2^t)) + eps)`. All four tensors have one shape, f32, and
 * stay the caller's; `parameter`, `first` and `second` are written. The step's constants are computed in double on the CPU.
 * Source: Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019, algorithm 2, as in torch.optim.AdamW.
 */
export function adamwUpdate(parameter: Tensor, gradient: Tensor, first: Tensor, second: Tensor, step: AdamwStep): void {
  const { lr, weightDecay, beta1, beta2, epsilon, gradientScale } = step;
  dispatch({
    key: 'adamw',
    buffers: [
      { name: 'gradient', tensor: gradient },
      { name: 'parameter', tensor: parameter, written: true },
      { name: 'first', tensor: first, written: true },
      { name: 'second', tensor: second, written: true },
    ],
    uniforms: [
      { name: 'size', type: 'u32', value: parameter.size },
      { name: 'gradient_scale', type: 'f32', value: gradientScale },
      { name: 'beta1', type: 'f32', value: beta1 },
      { name: 'one_minus_beta1', type: 'f32', value: 1 - beta1 },
      { name: 'beta2', type: 'f32', value: beta2 },
      { name: 'one_minus_beta2', type: 'f32', value: 1 - beta2 },
      { name: 'keep', type: 'f32', value: 1 - lr * weightDecay },
      { name: 'rate', type: 'f32', value: lr / (1 - beta1 ** step.step) },
      { name: 'second_scale', type: 'f32', value: 1 / Math.sqrt(1 - beta2 ** step.step) },
      { name: 'epsilon', type: 'f32', value: epsilon },
    ],
    wgsl: WGSL,
    workgroups: elementWorkgroups(parameter.size),
  });
}
