import type { WeightDropout } from '../kernels/attention-plan.ts';
import { dropout } from '../kernels/dropout.ts';
import { type Tensor, type Tensor3D, type Tensor4D, tf, type UniformInput } from '../tf/index.ts';
import { attention } from './attention.ts';
import { layerNorm, linear, type Trace } from './layers.ts';
import type { DetrParameters } from './parameters.ts';
import { recomputed } from './recompute.ts';
import type { DetrConfig } from './types.ts';

/** Dropout rates of a pass, and where its random numbers come from; left out when predicting. */
export interface DropoutPlan {
  /** After each sub-layer. */
  readonly residual: number;
  readonly attention: number;
  readonly activation: number;
  readonly seed: number;
  /** As `stepInput` makes it. */
  readonly step: UniformInput;
}

/** What the transformer is given beside the tokens. */
export interface TokenContext {
  /** Sine positions `[B, M, d]`. */
  readonly positions: Tensor3D;
  /** `[B, 1, 1, M]`, 0 or -1e9 on padding. */
  readonly keyMask: Tensor4D;
  /** What is given comes from what is frozen: no gradient is computed for it. */
  readonly frozenInput?: boolean;
  /** Nothing inside an encoder layer is kept for its gradient, see `recomputed`. */
  readonly recompute?: boolean;
  readonly dropout?: DropoutPlan;
  readonly trace?: Trace;
}

/** Encoder layers over the feature tokens `[B, M, d]`; returns the memory, `[B, M, d]`. No norm at the end. */
export function encode(p: DetrParameters, config: DetrConfig, tokens: Tensor3D, context: TokenContext): Tensor3D {
  // Without a gradient, what lies inside a layer is freed at once.
  const layer = (x: Tensor3D, i: number): Tensor3D =>
    tf.tidy(() => {
      const name = `model.encoder.layers.${i}`;
      // The same masks where a layer is computed again.
      const drop = droppers(context.dropout, i * ENCODER_LAYER_PLACES);
      const placed = x.add<Tensor3D>(context.positions);
      const frozen = i === 0 && context.frozenInput ? (['query', 'key', 'value'] as const) : [];
      const attended = attention(
        p,
        `${name}.self_attn`,
        { query: placed, key: placed, value: x, frozen },
        { heads: config.encoderHeads, keyMask: context.keyMask, ...drop.attention() },
        context.trace && { see: context.trace, name: `encoder.${i}.attn_mean` },
      );
      const normed = layerNorm(p, `${name}.self_attn_layer_norm`, x, drop.residual(attended)) as Tensor3D;
      const out = feedForward(p, name, normed, drop);
      context.trace?.(`encoder.${i}.output`, out);
      return out;
    });
  return Array.from({ length: config.encoderLayers }).reduce<Tensor3D>((x, _, i) => {
    if (!context.recompute) return layer(x, i);
    const variables = p.trainedUnder(`model.encoder.layers.${i}.`);
    return recomputed(
      { apply: (input) => layer(input, i), variables, frozenInput: i === 0 && context.frozenInput === true },
      x,
    );
  }, tokens);
}

/**
 * Decoder layers: the queries start from zeros. Returns every layer's output under the shared final norm,
 * `[L, B, Q, d]`.
 */
export function decode(p: DetrParameters, config: DetrConfig, memory: Tensor3D, context: TokenContext): Tensor4D {
  const B = memory.shape[0];
  const { numQueries: Q, dModel: d } = config;
  const drop = droppers(context.dropout, DECODER_PLACES);
  let x = tf.zeros([B, Q, d]) as Tensor3D;
  // Spread over the batch once: its gradient is then summed over the batch once, and not for each layer.
  const queryPositions = x.add<Tensor3D>(p.get('model.query_position_embeddings.weight')); // [B, Q, d]
  const placedMemory = memory.add<Tensor3D>(context.positions);
  const outputs: Tensor[] = [];
  for (let i = 0; i < config.decoderLayers; i++) {
    const name = `model.decoder.layers.${i}`;
    const placed = x.add<Tensor3D>(queryPositions);
    const self = attention(
      p,
      `${name}.self_attn`,
      { query: placed, key: placed, value: x },
      { heads: config.decoderHeads, ...drop.attention() },
    );
    x = layerNorm(p, `${name}.self_attn_layer_norm`, x, drop.residual(self)) as Tensor3D;
    const cross = attention(
      p,
      `${name}.encoder_attn`,
      {
        query: x.add<Tensor3D>(queryPositions),
        key: placedMemory,
        value: memory,
        frozen: context.frozenInput ? ['key', 'value'] : [],
      },
      { heads: config.decoderHeads, keyMask: context.keyMask, ...drop.attention() },
      context.trace && { see: context.trace, name: `decoder.${i}.cross_attn_mean` },
    );
    x = layerNorm(p, `${name}.encoder_attn_layer_norm`, x, drop.residual(cross)) as Tensor3D;
    x = feedForward(p, name, x, drop);
    context.trace?.(`decoder.${i}.prenorm`, x);
    outputs.push(layerNorm(p, 'model.decoder.layernorm', x));
  }
  return tf.stack(outputs) as Tensor4D;
}

function feedForward(p: DetrParameters, name: string, x: Tensor3D, drop: Droppers): Tensor3D {
  const hidden = drop.activation(linear(p, `${name}.fc1`, x, { relu: true }));
  const out = drop.residual(linear(p, `${name}.fc2`, hidden));
  return layerNorm(p, `${name}.final_layer_norm`, x, out) as Tensor3D;
}

type Drop = <T extends Tensor>(x: T) => T;

interface Droppers {
  readonly residual: Drop;
  /** For the weights of an attention; nothing where none are dropped. */
  readonly attention: () => { readonly dropout?: WeightDropout };
  readonly activation: Drop;
}

/** Dropouts of the encoder are numbered from 0, so many a layer; those of the decoder from `DECODER_PLACES`. */
const ENCODER_LAYER_PLACES = 4;
const DECODER_PLACES = 1 << 16;

/** The three dropouts of a stack; each use gets the next place, so that no two draw the same mask. */
function droppers(plan: DropoutPlan | undefined, firstPlace: number): Droppers {
  let place = firstPlace;
  const next = (rate: number): WeightDropout | null => {
    if (!plan || rate === 0) return null;
    return { rate, key: { seed: plan.seed, step: plan.step, place: place++ } };
  };
  const dropper =
    (rate: number): Drop =>
    (x) => {
      const drawn = next(rate);
      return drawn ? dropout(x, rate, drawn.key) : x;
    };
  return {
    residual: dropper(plan?.residual ?? 0),
    attention: () => {
      const drawn = next(plan?.attention ?? 0);
      return drawn ? { dropout: drawn } : {};
    },
    activation: dropper(plan?.activation ?? 0),
  };
}
