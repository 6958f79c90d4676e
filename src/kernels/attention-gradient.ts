import { dispatch, emptyTensor, type Tensor } from '../tf/index.ts';
import {
  type AttentionPlan,
  type AttentionProgram,
  attentionInputs,
  attentionKey,
  attentionProgram,
  attentionUniforms,
  attentionWgsl,
  eachQuarter,
  maskBuffers,
} from './attention-plan.ts';

/** What an attention's gradient needs of its forward pass. */
export interface AttendedTensors {
  /** `[B, N, d]` and `[B, M, d]` f32. */
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value: Tensor;
  /** The result, `[B, N, d]`. */
  readonly mixed: Tensor;
  /** `[B, heads, N, 2]`: the logarithm of the sum of a row's exponentials, and room for one number more, which is written. */
  readonly stats: Tensor;
}

/** For softmax a row's gradient is w (g - sum of w g), and that sum is the gradient of the result times the result. */
function queryWgsl(plan: AttentionPlan, { begin, read, leave }: AttentionProgram): string {
  return /* wgsl */ `
${attentionWgsl(plan)}
${begin}
  let row = (image * HEADS + head) * params.N + n;
  let at = ((image * params.N + n) * HEADS + head) * QUARTERS;
  ${eachQuarter(plan, (c) => `let q_${c} = query[at + ${c}u] * SCALE; let g_${c} = dy[at + ${c}u]; var sum_${c} = vec4<f32>(0.0);`)}
  let shared_part = ${eachQuarter(plan, (c) => `dot(g_${c}, mixed[at + ${c}u])`, ' + ')};
  let log_total = stats[row * 2u];
  for (var m = 0u; m < params.M; m++) {
    let other = ((image * params.M + m) * HEADS + head) * QUARTERS;
    ${read('k', 'key', 'other')}
    ${read('v', 'value', 'other')}
    let score = ${eachQuarter(plan, (c) => `dot(q_${c}, k_${c})`, ' + ')} + masked(image, m);
    let of_weight = (${eachQuarter(plan, (c) => `dot(g_${c}, v_${c})`, ' + ')}) * kept(row * params.M + m);
    let of_score = exp(score - log_total) * (of_weight - shared_part);
    ${eachQuarter(plan, (c) => `sum_${c} += of_score * k_${c};`)}
  }
  ${leave}
  ${eachQuarter(plan, (c) => `dquery[at + ${c}u] = sum_${c} * SCALE;`)}
  stats[row * 2u + 1u] = shared_part;
}`;
}

/** One invocation a key and head, over all queries. */
function keyWgsl(plan: AttentionPlan, { begin, read, leave }: AttentionProgram): string {
  return /* wgsl */ `
${attentionWgsl(plan)}
${begin}
  let at = ((image * params.M + m) * HEADS + head) * QUARTERS;
  let mask = masked(image, m);
  ${eachQuarter(plan, (c) => `let k_${c} = key[at + ${c}u] * SCALE; let v_${c} = value[at + ${c}u]; var dk_${c} = vec4<f32>(0.0); var dv_${c} = vec4<f32>(0.0);`)}
  for (var n = 0u; n < params.N; n++) {
    let row = (image * HEADS + head) * params.N + n;
    let other = ((image * params.N + n) * HEADS + head) * QUARTERS;
    ${read('q', 'query', 'other')}
    ${read('g', 'dy', 'other')}
    let score = ${eachQuarter(plan, (c) => `dot(k_${c}, q_${c})`, ' + ')} + mask;
    let weight = exp(score - stats[row * 2u]);
    let keep = kept(row * params.M + m);
    let of_weight = (${eachQuarter(plan, (c) => `dot(g_${c}, v_${c})`, ' + ')}) * keep;
    let of_score = weight * (of_weight - stats[row * 2u + 1u]);
    let used = weight * keep;
    ${eachQuarter(plan, (c) => `dk_${c} += of_score * q_${c}; dv_${c} += used * g_${c};`)}
  }
  ${leave}
  ${eachQuarter(plan, (c) => `dkey[at + ${c}u] = dk_${c} * SCALE; dvalue[at + ${c}u] = dv_${c};`)}
}`;
}

/**
 * The gradients of an attention in its query, key and value, in this order and of their shapes, the caller's. `dy` `[B, N, d]`
 * f32 and the tensors are borrowed; the weights are computed anew. Two dispatches.
 */
export function attentionGradients(
  dy: Tensor,
  tensors: AttendedTensors,
  plan: AttentionPlan,
): [Tensor, Tensor, Tensor] {
  const { query, key, value, mixed, stats } = tensors;
  const [dquery, dkey, dvalue] = [emptyTensor(query.shape), emptyTensor(key.shape), emptyTensor(value.shape)];
  const inputs = [
    { name: 'query', tensor: query, type: 'vec4<f32>' as const },
    { name: 'key', tensor: key, type: 'vec4<f32>' as const },
    { name: 'value', tensor: value, type: 'vec4<f32>' as const },
    { name: 'dy', tensor: dy, type: 'vec4<f32>' as const },
  ];
  const ofQuery = attentionProgram(plan, 'n');
  dispatch({
    key: attentionKey('attention-query-gradient', plan, ofQuery),
    enables: ofQuery.enables,
    buffers: [
      ...inputs,
      { name: 'mixed', tensor: mixed, type: 'vec4<f32>' },
      { name: 'stats', tensor: stats, written: true },
      { name: 'dquery', tensor: dquery, type: 'vec4<f32>', written: true },
      ...maskBuffers(plan),
    ],
    uniforms: attentionUniforms(plan),
    inputs: attentionInputs(plan),
    wgsl: queryWgsl(plan, ofQuery),
    workgroups: ofQuery.workgroups,
  });
  const ofKey = attentionProgram(plan, 'm');
  dispatch({
    key: attentionKey('attention-key-gradient', plan, ofKey),
    enables: ofKey.enables,
    buffers: [
      ...inputs,
      { name: 'stats', tensor: stats },
      { name: 'dkey', tensor: dkey, type: 'vec4<f32>', written: true },
      { name: 'dvalue', tensor: dvalue, type: 'vec4<f32>', written: true },
      ...maskBuffers(plan),
    ],
    uniforms: attentionUniforms(plan),
    inputs: attentionInputs(plan),
    wgsl: keyWgsl(plan, ofKey),
    workgroups: ofKey.workgroups,
  });
  return [dquery, dkey, dvalue];
}
