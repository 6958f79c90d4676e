import { dispatch, emptyTensor, type Tensor, type Tensor3D, type Tensor4D, tf } from '../tf/index.ts';
import { ELEMENT_OF_WGSL, ELEMENT_WORKGROUP, elementWorkgroups } from './element-grid.ts';

/** Weights of the three parts of the matching cost (DETR, section 3.1 and appendix A.2). */
export interface MatchCostWeights {
  readonly classCost: number;
  readonly bboxCost: number;
  readonly giouCost: number;
}

const WGSL = /* wgsl */ `
${ELEMENT_OF_WGSL}
fn corners(b: vec4<f32>) -> vec4<f32> { return vec4(b.xy - 0.5 * b.zw, b.xy + 0.5 * b.zw); }

fn giou(p: vec4<f32>, t: vec4<f32>) -> f32 {
  let a = corners(p);
  let b = corners(t);
  let overlap = max(min(a.zw, b.zw) - max(a.xy, b.xy), vec2(0.0));
  let inter = overlap.x * overlap.y;
  let area_a = (a.z - a.x) * (a.w - a.y);
  let area_b = (b.z - b.x) * (b.w - b.y);
  let joint = area_a + area_b - inter;
  let hull = max(a.zw, b.zw) - min(a.xy, b.xy);
  let hull_area = hull.x * hull.y;
  return inter / joint - (hull_area - joint) / hull_area;
}

@compute @workgroup_size(${ELEMENT_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  // One invocation an element of cost [L*B, Q, T].
  let i = element_of(id);
  if (i >= params.size) { return; }
  let t = i % params.T;
  let row = i / params.T;             // [L*B*Q]
  let image = (row / params.Q) % params.B;
  let slot = image * (params.T + 1u) + t;

  var largest = -3.0e38;
  for (var c = 0u; c < params.C; c++) { largest = max(largest, logits[row * params.C + c]); }
  var total = 0.0;
  for (var c = 0u; c < params.C; c++) { total += exp(logits[row * params.C + c] - largest); }
  let probability = exp(logits[row * params.C + u32(class_ids[slot])] - largest) / total;

  let p = vec4(boxes[row * 4u], boxes[row * 4u + 1u], boxes[row * 4u + 2u], boxes[row * 4u + 3u]);
  let q = vec4(target_boxes[slot * 4u], target_boxes[slot * 4u + 1u], target_boxes[slot * 4u + 2u], target_boxes[slot * 4u + 3u]);
  let d = abs(p - q);
  cost[i] = -params.class_cost * probability + params.bbox_cost * (d.x + d.y + d.z + d.w) - params.giou_cost * giou(p, q);
}`;

/**
 * The cost of giving each target to each query: -p(class) + L1 of the boxes - GIoU, each with its weight.
 *
 * `logits` `[L,B,Q,C+1]` f32; `boxes` `[L,B,Q,4]` f32, cxcywh; `classIds` `[B,T+1]` i32 and `targetBoxes` `[B,T+1,4]` f32,
 * cxcywh, T at least 1, of which the last slot of each image is not read. Returns `[L,B,Q,T]` f32, the caller's. No gradient.
 * Source: facebookresearch/detr models/matcher.py at 29901c5.
 */
export function matchCost(
  logits: Tensor4D,
  boxes: Tensor4D,
  classIds: Tensor,
  targetBoxes: Tensor3D,
  weights: MatchCostWeights,
): Tensor4D {
  const [L, B, Q, C] = logits.shape;
  const T = targetBoxes.shape[1] - 1;
  const cost = emptyTensor([L, B, Q, T]) as Tensor4D;
  dispatch({
    key: 'match-cost',
    buffers: [
      { name: 'logits', tensor: logits },
      { name: 'boxes', tensor: boxes },
      { name: 'class_ids', tensor: classIds, type: 'i32' },
      { name: 'target_boxes', tensor: targetBoxes },
      { name: 'cost', tensor: cost, written: true },
    ],
    uniforms: [
      { name: 'size', type: 'u32', value: cost.size },
      { name: 'B', type: 'u32', value: B },
      { name: 'Q', type: 'u32', value: Q },
      { name: 'T', type: 'u32', value: T },
      { name: 'C', type: 'u32', value: C },
      { name: 'class_cost', type: 'f32', value: weights.classCost },
      { name: 'bbox_cost', type: 'f32', value: weights.bboxCost },
      { name: 'giou_cost', type: 'f32', value: weights.giouCost },
    ],
    wgsl: WGSL,
    workgroups: elementWorkgroups(cost.size),
  });
  return cost;
}

/** The same in stock operations, for tests. */
export function matchCostComposed(
  logits: Tensor4D,
  boxes: Tensor4D,
  classIds: Tensor,
  targetBoxes: Tensor3D,
  weights: MatchCostWeights,
): Tensor4D {
  return tf.tidy(() => {
    const [, B, , C] = logits.shape;
    const T = targetBoxes.shape[1] - 1;
    const ids = classIds.reshape([B, T + 1]).slice([0, 0], [B, T]);
    const oneHot = tf.oneHot(ids.toInt(), C).toFloat().reshape([1, B, 1, T, C]);
    const probability = tf.softmax(logits).expandDims(3).mul(oneHot).sum(-1); // [L,B,Q,T]
    const p = boxes.expandDims(3); // [L,B,Q,1,4]
    const t = targetBoxes.slice([0, 0, 0], [B, T, 4]).reshape([1, B, 1, T, 4]);
    const l1 = p.sub(t).abs().sum(-1);
    const [px, py, pw, ph] = tf.split(p, 4, -1);
    const [tx, ty, tw, th] = tf.split(t, 4, -1);
    if (!px || !py || !pw || !ph || !tx || !ty || !tw || !th) throw new Error('unreachable: four parts were asked for');
    const left = (c: Tensor, s: Tensor) => c.sub(s.mul(0.5));
    const right = (c: Tensor, s: Tensor) => c.add(s.mul(0.5));
    const overlap = (pc: Tensor, ps: Tensor, tc: Tensor, ts: Tensor) =>
      tf.relu(tf.minimum(right(pc, ps), right(tc, ts)).sub(tf.maximum(left(pc, ps), left(tc, ts))));
    const hull = (pc: Tensor, ps: Tensor, tc: Tensor, ts: Tensor) =>
      tf.maximum(right(pc, ps), right(tc, ts)).sub(tf.minimum(left(pc, ps), left(tc, ts)));
    const inter = overlap(px, pw, tx, tw).mul(overlap(py, ph, ty, th));
    const union = pw.mul(ph).add(tw.mul(th)).sub(inter);
    const hullArea = hull(px, pw, tx, tw).mul(hull(py, ph, ty, th));
    const giou = inter.div(union).sub(hullArea.sub(union).div(hullArea)).squeeze([-1]);
    return l1.mul(weights.bboxCost).sub(probability.mul(weights.classCost)).sub(giou.mul(weights.giouCost)) as Tensor4D;
  });
}
