import { dispatch, type Tensor1D, tf } from '../tf/index.ts';

const WORKGROUP = 256;
const SLOTS = 4;

/** torch.nn.utils.clip_grad_norm_ adds this to the norm. */
const CLIP_EPSILON = 1e-6;

const WGSL = /* wgsl */ `
var<workgroup> totals: array<f32, ${WORKGROUP}>;
var<workgroup> faults: array<u32, ${WORKGROUP}>;

/** By its bits: a program may take it that there is neither NaN nor infinity. */
fn is_bad(x: f32) -> u32 { return select(0u, 1u, (bitcast<u32>(x) & 0x7f800000u) == 0x7f800000u); }

@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(local_invocation_index) lane: u32) {
  var total = 0.0;
  var bad = 0u;
  for (var i = lane; i < params.tensors; i += ${WORKGROUP}u) {
    total += squares[i];
    bad |= is_bad(squares[i]);
  }
  for (var i = lane; i < params.batches; i += ${WORKGROUP}u) { bad |= is_bad(losses[i * params.stride]); }
  totals[lane] = total;
  faults[lane] = bad;
  workgroupBarrier();
  for (var half = ${WORKGROUP / 2}u; half > 0u; half /= 2u) {
    if (lane < half) {
      totals[lane] += totals[lane + half];
      faults[lane] |= faults[lane + half];
    }
    workgroupBarrier();
  }
  if (lane > 0u) { return; }
  let norm = sqrt(totals[0]) / f32(params.batches);
  let stops = faults[0] != 0u || is_bad(totals[0]) != 0u || totals[0] == 0.0 || guard[2] != 0.0;
  var scale = 1.0;
  if (params.clip > 0.0) { scale = min(1.0, params.clip / (norm + ${CLIP_EPSILON})); }
  guard[0] = scale / f32(params.batches);
  guard[1] = norm;
  guard[2] = select(0.0, 1.0, stops);
}`;

/** Where a step's guard stands, `[4]` f32, for `guardStep`: open at first. The caller's. */
export function openGuard(): Tensor1D {
  return tf.zeros([SLOTS]) as Tensor1D;
}

/** What a guard that was read says. */
export interface GuardReading {
  /** Of the mean gradient, before clipping. */
  readonly gradientNorm: number;
}

export function readGuard(guard: ArrayLike<number>): GuardReading {
  return { gradientNorm: guard[1] ?? Number.NaN };
}

/**
 * Decides on the GPU what an update makes of its gradients: the factor that clips their mean by the global norm, and whether
 * the update is made at all. Where a loss or a gradient is not finite, or every gradient is zero, `guard` closes for good: no
 * later update is made either, so that the weights stay those of the last good step, however late that is read.
 *
 * `squares` `[n]` f32 are the sums of squares of the gradients, which are sums over `batches` mini-batches; `losses`
 * `[batches, k]` f32 begins each row with a loss; `clip` is the largest norm, 0 for none. `guard` is written in place, the
 * factor first. All stay the caller's. Source of the clipping: torch.nn.utils.clip_grad_norm_.
 */
export function guardStep(
  guard: Tensor1D,
  { squares, losses, batches, clip }: { squares: Tensor1D; losses: Tensor1D; batches: number; clip: number },
): void {
  dispatch({
    key: 'step-guard',
    buffers: [
      { name: 'squares', tensor: squares },
      { name: 'losses', tensor: losses },
      { name: 'guard', tensor: guard, written: true },
    ],
    uniforms: [
      { name: 'tensors', type: 'u32', value: squares.size },
      { name: 'batches', type: 'u32', value: batches },
      { name: 'stride', type: 'u32', value: losses.size / batches },
      { name: 'clip', type: 'f32', value: clip },
    ],
    wgsl: WGSL,
    workgroups: [1],
  });
}
