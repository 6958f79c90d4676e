import { StudioError } from '../base/errors.ts';
import { dispatch, emptyTensor, type Tensor, type Tensor3D, type Tensor4D, tf } from '../tf/index.ts';
import { attentionGradients } from './attention-gradient.ts';
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
  type WeightDropout,
} from './attention-plan.ts';
import { dropout as dropElements } from './dropout.ts';

export interface AttentionOptions {
  readonly heads: number;
  /** `[B, 1, 1, M]` f32, added to the scores: 0, or -1e9 on padding. */
  readonly keyMask?: Tensor4D;
  readonly dropout?: WeightDropout;
}

/** One invocation a query and head: the weights are made and used one by one, and none is kept (Milakov and Gimelshein 2018). */
function forwardWgsl(plan: AttentionPlan, { begin, read, leave }: AttentionProgram): string {
  return /* wgsl */ `
${attentionWgsl(plan)}
${begin}
  let row = (image * HEADS + head) * params.N + n;  // [B, heads, N]
  let at = ((image * params.N + n) * HEADS + head) * QUARTERS;
  ${eachQuarter(plan, (c) => `let q_${c} = query[at + ${c}u] * SCALE; var sum_${c} = vec4<f32>(0.0);`)}
  var largest = -3.0e38;
  var total = 0.0;
  for (var m = 0u; m < params.M; m++) {
    let other = ((image * params.M + m) * HEADS + head) * QUARTERS;
    ${read('k', 'key', 'other')}
    ${read('v', 'value', 'other')}
    let score = ${eachQuarter(plan, (c) => `dot(q_${c}, k_${c})`, ' + ')} + masked(image, m);
    let next = max(largest, score);
    let before = exp(largest - next);
    let weight = exp(score - next);
    largest = next;
    total = total * before + weight;
    let used = weight * kept(row * params.M + m);
    ${eachQuarter(plan, (c) => `sum_${c} = sum_${c} * before + used * v_${c};`)}
  }
  ${leave}
  ${eachQuarter(plan, (c) => `mixed[at + ${c}u] = sum_${c} / total;`)}
  stats[row * 2u] = largest + log(total);
  // The room for the gradient's number.
  stats[row * 2u + 1u] = 0.0;
}`;
}

/**
 * Multi-head attention between its projections (Vaswani et al. 2017, section 3.2.2): softmax(q k^T / sqrt(width) + mask) v,
 * a head at a time. One dispatch forward and two backward; of the weights nothing is kept but the logarithm of each row's sum.
 *
 * `query` `[B, N, d]`, `key` and `value` `[B, M, d]` f32, borrowed, heads side by side in the last axis, each of a multiple of
 * four channels. Returns `[B, N, d]`, the caller's. Differentiable in all three. Throws `internal` for other widths.
 */
export function fusedAttention(query: Tensor3D, key: Tensor3D, value: Tensor3D, options: AttentionOptions): Tensor3D {
  const { heads, keyMask, dropout } = options;
  const [B, N, d] = query.shape;
  if (!canAttend(d, heads)) {
    throw new StudioError('internal', `A head of ${d / heads} channels cannot be attended with four at a time.`);
  }
  const used = dropout && dropout.rate > 0 ? dropout : undefined;
  const plan: AttentionPlan = { B, N, M: key.shape[1], heads, width: d / heads, keyMask, dropout: used };
  const apply = tf.customGrad((...args) => {
    const [q, k, v] = args.slice(0, 3) as [Tensor3D, Tensor3D, Tensor3D];
    const save = args[3] as tf.GradSaveFunc;
    const { mixed, stats } = attend(q, k, v, plan);
    save([q, k, v, mixed, stats]);
    stats.dispose();
    return {
      value: mixed,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [savedQ, savedK, savedV, out, rows] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor];
        return attentionGradients(dy, { query: savedQ, key: savedK, value: savedV, mixed: out, stats: rows }, plan);
      },
    };
  });
  return apply(query, key, value) as Tensor3D;
}

/** Whether a head is of a width that these programs take. */
export function canAttend(d: number, heads: number): boolean {
  return d % (4 * heads) === 0;
}

function attend(query: Tensor3D, key: Tensor3D, value: Tensor3D, plan: AttentionPlan) {
  const { B, N, heads } = plan;
  const mixed = emptyTensor(query.shape) as Tensor3D;
  const stats = emptyTensor([B, heads, N, 2]);
  const program = attentionProgram(plan, 'n');
  dispatch({
    key: attentionKey('attention', plan, program),
    enables: program.enables,
    buffers: [
      { name: 'query', tensor: query, type: 'vec4<f32>' },
      { name: 'key', tensor: key, type: 'vec4<f32>' },
      { name: 'value', tensor: value, type: 'vec4<f32>' },
      { name: 'mixed', tensor: mixed, type: 'vec4<f32>', written: true },
      { name: 'stats', tensor: stats, written: true },
      ...maskBuffers(plan),
    ],
    uniforms: attentionUniforms(plan),
    inputs: attentionInputs(plan),
    wgsl: forwardWgsl(plan, program),
    workgroups: program.workgroups,
  });
  return { mixed, stats };
}

/** The same in other operations, for tests and for heads of other widths; `seeWeights` is given the weights, `[B, heads, N, M]`. */
export function attentionComposed(
  query: Tensor3D,
  key: Tensor3D,
  value: Tensor3D,
  { heads, keyMask, dropout }: AttentionOptions,
  seeWeights?: (weights: Tensor4D) => void,
): Tensor3D {
  const [B, N, d] = query.shape;
  const width = d / heads;
  const split = (x: Tensor3D): Tensor4D => x.reshape([B, x.shape[1], heads, width]).transpose<Tensor4D>([0, 2, 1, 3]);
  const scores: Tensor4D = tf.matMul(split(query).mul<Tensor4D>(1 / Math.sqrt(width)), split(key), false, true); // [B, heads, N, M]
  const weights: Tensor4D = tf.softmax(keyMask ? scores.add<Tensor4D>(keyMask) : scores);
  seeWeights?.(weights);
  const used = dropout ? dropElements(weights, dropout.rate, dropout.key) : weights;
  return tf.matMul(used, split(value)).transpose([0, 2, 1, 3]).reshape([B, N, d]);
}
