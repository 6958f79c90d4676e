import {
  type DispatchInput,
  dispatch,
  emptyTensor,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
} from '../tf/index.ts';
import { ELEMENT_OF_WGSL, ELEMENT_WORKGROUP, elementWorkgroups } from './element-grid.ts';

/** Weights of the parts of the set loss (DETR, section 3.1 and appendix A.2). */
export interface SetLossWeights {
  /** Weight of "no object" in the cross-entropy; a class weighs 1. */
  readonly eosCoefficient: number;
  readonly bboxLossCoefficient: number;
  readonly giouLossCoefficient: number;
}

/** Of each query; the caller's. */
export interface SetLossTerms {
  /** `[L B Q, 8]` f32: weighted cross-entropy, L1, GIoU loss, best class; weight, wanted class, log of the sum of exponentials, 1 if matched. */
  readonly terms: Tensor2D;
  /** `[L B Q, 4]` f32: derivative of the weighted box losses, not yet divided by the number of targets. */
  readonly boxGradients: Tensor2D;
}

/** One invocation a query of `[L,B,Q]`. */
const ROWS_WGSL = /* wgsl */ `
${ELEMENT_OF_WGSL}
struct Giou { value: f32, gradient: vec4<f32> }

// Of a box p against t, both cxcywh, and its derivative in p. On ties the derivative goes to p, and a side that only
// touches has none: as in the gradients of tfjs's minimum, maximum and relu.
fn giou(p: vec4<f32>, t: vec4<f32>) -> Giou {
  let none = vec2(0.0);
  let p0 = p.xy - 0.5 * p.zw;
  let p1 = p.xy + 0.5 * p.zw;
  let t0 = t.xy - 0.5 * t.zw;
  let t1 = t.xy + 0.5 * t.zw;
  let both = min(p1, t1) - max(p0, t0);
  let overlap = max(both, none);
  let hull = max(p1, t1) - min(p0, t0);
  let inter = overlap.x * overlap.y;
  let joint = p.z * p.w + t.z * t.w - inter;
  let hull_area = hull.x * hull.y;

  let by_joint = 1.0 / hull_area - inter / (joint * joint);
  let by_overlap = select(none, (1.0 / joint - by_joint) * overlap.yx, both > none);
  let by_hull = -joint / (hull_area * hull_area) * hull.yx;
  let by_p1 = select(none, by_overlap, p1 <= t1) + select(none, by_hull, p1 >= t1);
  let by_p0 = -select(none, by_overlap, p0 >= t0) - select(none, by_hull, p0 <= t0);
  let gradient = vec4(by_p0 + by_p1, 0.5 * (by_p1 - by_p0) + by_joint * p.wz);
  return Giou(inter / joint - (hull_area - joint) / hull_area, gradient);
}

@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let row = element_of(id);
  if (row >= params.rows) { return; }
  let start = row * params.K;
  var best = 0u;
  var largest = logits[start];
  for (var k = 1u; k < params.K; k++) {
    let logit = logits[start + k];
    if (logit > largest) { largest = logit; best = k; }
  }
  var sum = 0.0;
  for (var k = 0u; k < params.K; k++) { sum += exp(logits[start + k] - largest); }
  let log_sum = largest + log(sum);

  let slot = slots[row];
  let class_id = u32(class_ids[slot]);
  let is_object = class_id != params.K - 1u;
  let object = select(0.0, 1.0, is_object);
  let weight = select(params.eos, 1.0, is_object);
  let p = boxes[row];
  let t = target_boxes[slot];
  let off = p - t;
  let overlap = giou(p, t);
  terms[2u * row] = vec4(
    weight * (log_sum - logits[start + class_id]),
    object * (abs(off.x) + abs(off.y) + abs(off.z) + abs(off.w)),
    object * (1.0 - overlap.value),
    f32(best));
  terms[2u * row + 1u] = vec4(weight, f32(class_id), log_sum, object);
  box_gradients[row] = object * (params.bbox * sign(off) - params.giou * overlap.gradient);
}`;

/** A buffer of a dispatch, read or written four numbers at a time. */
export const vec4s = (name: string, tensor: Tensor, written = false): DispatchInput => ({
  name,
  tensor,
  type: 'vec4<f32>',
  written,
});

/** The terms of every query, see `fusedSetLoss` for the arguments: one dispatch. Borrows them; the results are the caller's. */
export function setLossTerms(
  logits: Tensor4D,
  boxes: Tensor4D,
  slots: Tensor3D,
  classIds: Tensor2D,
  targetBoxes: Tensor3D,
  weights: SetLossWeights,
): SetLossTerms {
  const [L, B, Q, K] = logits.shape;
  const rows = L * B * Q;
  const terms = emptyTensor([rows, 8]) as Tensor2D;
  const boxGradients = emptyTensor([rows, 4]) as Tensor2D;
  dispatch({
    key: 'set-loss-rows',
    buffers: [
      { name: 'logits', tensor: logits },
      vec4s('boxes', boxes),
      { name: 'slots', tensor: slots, type: 'i32' },
      { name: 'class_ids', tensor: classIds, type: 'i32' },
      vec4s('target_boxes', targetBoxes),
      vec4s('terms', terms, true),
      vec4s('box_gradients', boxGradients, true),
    ],
    uniforms: [
      { name: 'rows', type: 'u32', value: rows },
      { name: 'K', type: 'u32', value: K },
      { name: 'eos', type: 'f32', value: weights.eosCoefficient },
      { name: 'bbox', type: 'f32', value: weights.bboxLossCoefficient },
      { name: 'giou', type: 'f32', value: weights.giouLossCoefficient },
    ],
    wgsl: ROWS_WGSL,
    workgroups: elementWorkgroups(rows),
  });
  return { terms, boxGradients };
}
