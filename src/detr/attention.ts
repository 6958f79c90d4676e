import { type Tensor, type Tensor3D, type Tensor4D, tf } from '../tf/index.ts';
import { linear, type Trace } from './layers.ts';
import type { DetrParameters } from './parameters.ts';

export interface AttentionInput {
  /** `[B, N, d]`, positions added. */
  readonly query: Tensor3D;
  /** `[B, M, d]`, positions added. */
  readonly key: Tensor3D;
  /** `[B, M, d]`, without positions. */
  readonly value: Tensor3D;
  /** `[B, 1, 1, M]` f32, added to the scores: 0, or -1e9 on padding. */
  readonly keyMask?: Tensor4D;
}

/**
 * Multi-head attention (Vaswani et al. 2017, section 3.2.2) with the projections of `name`; returns `[B, N, d]`.
 *
 * `dropWeights` is applied to the attention weights. `trace` sees their mean over heads, `[B, N, M]`, as `<traceName>_mean`.
 */
export function attention(
  p: DetrParameters,
  name: string,
  { query, key, value, keyMask }: AttentionInput,
  heads: number,
  dropWeights: <T extends Tensor>(weights: T) => T,
  trace?: { readonly see: Trace; readonly name: string },
): Tensor3D {
  const [B, N, d] = query.shape;
  const width = d / heads;
  const split = (x: Tensor): Tensor4D => {
    const M = x.shape[1] ?? 0;
    return x.reshape([B, M, heads, width]).transpose([0, 2, 1, 3]); // [B, heads, M, width]
  };
  const q = split(linear(p, `${name}.q_proj`, query).mul(1 / Math.sqrt(width)));
  const k = split(linear(p, `${name}.k_proj`, key));
  const v = split(linear(p, `${name}.v_proj`, value));
  const scores = tf.matMul(q, k, false, true); // [B, heads, N, M]
  const weights = tf.softmax(keyMask ? scores.add<Tensor4D>(keyMask) : scores);
  if (trace) trace.see(trace.name, weights.mean(1));
  const mixed = tf.matMul(dropWeights(weights), v); // [B, heads, N, width]
  return linear(p, `${name}.out_proj`, mixed.transpose([0, 2, 1, 3]).reshape([B, N, d])) as Tensor3D;
}
