import { StudioError } from '../base/errors.ts';
import {
  dispatch,
  emptyTensor,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tf,
} from '../tf/index.ts';
import { setLossGradients } from './set-loss-backward.ts';
import { type SetLossWeights, setLossTerms, vec4s } from './set-loss-terms.ts';

/** The loss of a batch; the caller's. */
export interface FusedSetLoss {
  /** The weighted sum over terms and layers; differentiable. */
  readonly total: Scalar;
  /** `[1 + 4 L + 1]` f32: total, then for each layer cross-entropy, L1, GIoU loss and cardinality error, then class error. No gradient. */
  readonly packed: Tensor1D;
}

const REDUCE_WORKGROUP = 256;

/** One workgroup: each layer has `lanes` invocations, which add up its queries in strides, always in the same order. */
function reduceWgsl(layers: number, lanes: number): string {
  return /* wgsl */ `
var<workgroup> sums: array<vec4<f32>, ${REDUCE_WORKGROUP}>;     // cross-entropy, L1, GIoU loss, weight
var<workgroup> counted: array<vec4<f32>, ${REDUCE_WORKGROUP}>;  // matched, right, cardinality error
var<workgroup> totals: array<f32, ${layers}>;

@compute @workgroup_size(${REDUCE_WORKGROUP})
fn main(@builtin(local_invocation_index) lane: u32) {
  let layer = lane / ${lanes}u;
  let queries = params.B * params.Q;
  let start = layer * queries;
  var sum = vec4(0.0);
  var count = vec4(0.0);
  if (layer < ${layers}u) {
    for (var i = lane % ${lanes}u; i < queries; i += ${lanes}u) {
      let a = terms[2u * (start + i)];
      let b = terms[2u * (start + i) + 1u];
      sum += vec4(a.xyz, b.x);
      count += vec4(b.w, select(0.0, b.w, a.w == b.y), 0.0, 0.0);
    }
    for (var image = lane % ${lanes}u; image < params.B; image += ${lanes}u) {
      var found = 0;
      for (var q = 0u; q < params.Q; q++) {
        found += select(0, 1, terms[2u * (start + image * params.Q + q)].w != params.no_object);
      }
      count.z += f32(abs(found - counts[image]));
    }
  }
  sums[lane] = sum;
  counted[lane] = count;
  workgroupBarrier();

  if (lane < ${layers}u) {
    sum = vec4(0.0);
    count = vec4(0.0);
    for (var i = lane * ${lanes}u; i < (lane + 1u) * ${lanes}u; i++) {
      sum += sums[i];
      count += counted[i];
    }
    let ce = sum.x / sum.w;
    let bbox = sum.y / normaliser[0];
    let giou = sum.z / normaliser[0];
    packed[1u + lane] = ce;
    packed[${1 + layers}u + lane] = bbox;
    packed[${1 + 2 * layers}u + lane] = giou;
    packed[${1 + 3 * layers}u + lane] = count.z / f32(params.B);
    if (lane == ${layers - 1}u) { packed[${1 + 4 * layers}u] = 100.0 - 100.0 * count.y / max(count.x, 1.0); }
    scales[lane] = 1.0 / sum.w;
    totals[lane] = ce + params.bbox * bbox + params.giou * giou;
  }
  workgroupBarrier();
  if (lane > 0u) { return; }
  var all = 0.0;
  for (var l = 0u; l < ${layers}u; l++) { all += totals[l]; }
  packed[0] = all;
  total[0] = all;
  scales[${layers}] = 1.0 / normaliser[0];
}`;
}

/**
 * The set loss of DETR over all decoder layers after matching, and its logged terms: two dispatches, and one for the gradient.
 *
 * `logits` `[L,B,Q,K]` f32, of which class K-1 is "no object"; `boxes` `[L,B,Q,4]` f32, cxcywh; `slots` `[L,B,Q]` i32, the
 * place of each query's target in the lists, as `assignTargets` gives it; `classIds` `[B,T+1]` i32 and `targetBoxes`
 * `[B,T+1,4]` f32, cxcywh, of which slots without a target hold "no object" and any box with an area; `counts` `[B]` i32, the
 * targets of each image; `normaliser` `[1]` f32, the targets of the batch or 1. Differentiable in `logits` and `boxes`.
 *
 * Borrows its arguments; the results are the caller's, and in a tidy or under a tape `packed` has to be kept to outlive it.
 * Throws `internal` for more than 256 layers. Source: models/detr.py of facebookresearch/detr at 29901c5. Where a box
 * equals its target in a coordinate, L1 has derivative 0 there, as in PyTorch; tfjs's abs would give -1.
 */
export function fusedSetLoss(
  logits: Tensor4D,
  boxes: Tensor4D,
  slots: Tensor3D,
  classIds: Tensor2D,
  targetBoxes: Tensor3D,
  counts: Tensor1D,
  normaliser: Tensor1D,
  weights: SetLossWeights,
): FusedSetLoss {
  const [L, B, Q, K] = logits.shape;
  if (L > REDUCE_WORKGROUP) throw new StudioError('internal', `The loss of ${L} decoder layers was asked for.`);
  // Nothing is made inside of the custom gradient, whose scope would take `packed` with it.
  const { terms, boxGradients } = setLossTerms(logits, boxes, slots, classIds, targetBoxes, weights);
  const sum = emptyTensor([]) as Scalar;
  const packed = emptyTensor([1 + 4 * L + 1]) as Tensor1D;
  const scales = emptyTensor([L + 1]);
  dispatch({
    key: `set-loss-reduce-${L}`,
    buffers: [
      vec4s('terms', terms),
      { name: 'counts', tensor: counts, type: 'i32' },
      { name: 'normaliser', tensor: normaliser },
      { name: 'packed', tensor: packed, written: true },
      { name: 'total', tensor: sum, written: true },
      { name: 'scales', tensor: scales, written: true },
    ],
    uniforms: [
      { name: 'B', type: 'u32', value: B },
      { name: 'Q', type: 'u32', value: Q },
      { name: 'no_object', type: 'f32', value: K - 1 },
      { name: 'bbox', type: 'f32', value: weights.bboxLossCoefficient },
      { name: 'giou', type: 'f32', value: weights.giouLossCoefficient },
    ],
    wgsl: reduceWgsl(L, Math.floor(REDUCE_WORKGROUP / L)),
    workgroups: [1],
  });
  const differentiable = tf.customGrad((x, _boxes, save) => {
    (save as unknown as (tensors: Tensor[]) => void)([x as Tensor, terms, boxGradients, scales]); // typed as a tensor by tfjs
    return {
      value: sum,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [keptLogits, keptTerms, keptBoxGradients, keptScales] = saved as [Tensor4D, Tensor2D, Tensor2D, Tensor1D];
        return setLossGradients(dy, keptLogits, { terms: keptTerms, boxGradients: keptBoxGradients }, keptScales);
      },
    };
  });
  const total = differentiable(logits, boxes) as Scalar;
  tf.dispose([terms, boxGradients, scales]);
  return { total, packed };
}
