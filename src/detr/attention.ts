import { type AttentionOptions, attentionComposed, canAttend, fusedAttention } from '../kernels/attention.ts';
import type { Tensor3D } from '../tf/index.ts';
import { linear, type Trace } from './layers.ts';
import type { DetrParameters } from './parameters.ts';

export interface AttentionInput {
  /** `[B, N, d]`, positions added. */
  readonly query: Tensor3D;
  /** `[B, M, d]`, positions added. */
  readonly key: Tensor3D;
  /** `[B, M, d]`, without positions. */
  readonly value: Tensor3D;
  /** Those of the three that come from what is frozen: no gradient is computed for them. */
  readonly frozen?: readonly ('query' | 'key' | 'value')[];
}

/**
 * Multi-head attention (Vaswani et al. 2017, section 3.2.2) with the projections of `name`; returns `[B, N, d]`.
 *
 * `trace` sees the mean of the weights over heads, `[B, N, M]`, as `<traceName>_mean`; what is seen has to be computed in
 * full, and differs by rounding from what is computed unseen.
 */
export function attention(
  p: DetrParameters,
  name: string,
  { query, key, value, frozen = [] }: AttentionInput,
  options: AttentionOptions,
  trace?: { readonly see: Trace; readonly name: string },
): Tensor3D {
  const q = linear(p, `${name}.q_proj`, query, { frozenInput: frozen.includes('query') }) as Tensor3D;
  const k = linear(p, `${name}.k_proj`, key, { frozenInput: frozen.includes('key') }) as Tensor3D;
  const v = linear(p, `${name}.v_proj`, value, { frozenInput: frozen.includes('value') }) as Tensor3D;
  const isFused = !trace && canAttend(query.shape[2], options.heads);
  const mixed = isFused
    ? fusedAttention(q, k, v, options)
    : attentionComposed(q, k, v, options, (weights) => trace?.see(trace.name, weights.mean(1)));
  return linear(p, `${name}.out_proj`, mixed) as Tensor3D;
}
