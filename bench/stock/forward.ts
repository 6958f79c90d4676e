import type { TokenPlaces } from '../../src/detr/model.ts';
import { BACKBONE_PREFIX, type BlockSpec, backboneStages } from '../../src/detr/parameter-specs.ts';
import type { DetrParameters } from '../../src/detr/parameters.ts';
import type { DetrConfig, DetrOutput } from '../../src/detr/types.ts';
import { type Tensor, type Tensor2D, type Tensor3D, type Tensor4D, tf } from '../../src/tf/index.ts';

/** Output of the stem and the first stage, in stock operations. */
export function stockFrozenStages(p: DetrParameters, config: DetrConfig, pixels: Tensor4D): Tensor4D {
  const stem = tf.relu(convBatchNorm(p, `${BACKBONE_PREFIX}conv1`, `${BACKBONE_PREFIX}bn1`, pixels, 2));
  return stockStage(p, backboneStages(config)[0] ?? [], tf.maxPool(stem, 3, 2, 1));
}

function stockStage(p: DetrParameters, blocks: readonly BlockSpec[], input: Tensor4D): Tensor4D {
  let features = input;
  for (const { prefix, stride, hasShortcut } of blocks) {
    const a = tf.relu(convBatchNorm(p, `${prefix}conv1`, `${prefix}bn1`, features, 1));
    const b = tf.relu(convBatchNorm(p, `${prefix}conv2`, `${prefix}bn2`, a, stride));
    const c = convBatchNorm(p, `${prefix}conv3`, `${prefix}bn3`, b, 1);
    const shortcut = hasShortcut
      ? convBatchNorm(p, `${prefix}downsample.0`, `${prefix}downsample.1`, features, stride)
      : features;
    features = tf.relu(c.add(shortcut));
  }
  return features;
}

/** DETR from the output of its frozen stages to logits and boxes, in stock operations. */
export function stockForward(p: DetrParameters, config: DetrConfig, input: StockInput): DetrOutput {
  const features = stockStage(p, backboneStages(config).slice(1).flat(), input.features);
  const [B, h, w, C] = features.shape;
  const d = config.dModel;
  const projection = p.get('model.input_projection.weight').reshape<Tensor2D>([C, d]);
  let x = tf
    .matMul(features.reshape<Tensor2D>([B * h * w, C]), projection)
    .add(p.get('model.input_projection.bias'))
    .reshape<Tensor3D>([B, h * w, d]);

  for (let i = 0; i < config.encoderLayers; i++) {
    const name = `model.encoder.layers.${i}`;
    const placed = x.add<Tensor3D>(input.positions);
    const self = attention(p, `${name}.self_attn`, [placed, placed, x], config.encoderHeads, input.keyMask);
    x = norm(p, `${name}.self_attn_layer_norm`, x.add(self)) as Tensor3D;
    x = feedForward(p, name, x);
  }
  const memory = x;
  const placedMemory = memory.add<Tensor3D>(input.positions);
  const queries = p.get('model.query_position_embeddings.weight').expandDims<Tensor3D>(0);
  let y = tf.zeros([B, config.numQueries, d]) as Tensor3D;
  const outputs: Tensor[] = [];
  for (let i = 0; i < config.decoderLayers; i++) {
    const name = `model.decoder.layers.${i}`;
    const placed = y.add<Tensor3D>(queries);
    const self = attention(p, `${name}.self_attn`, [placed, placed, y], config.decoderHeads);
    y = norm(p, `${name}.self_attn_layer_norm`, y.add(self)) as Tensor3D;
    const cross: Inputs = [y.add<Tensor3D>(queries), placedMemory, memory];
    const seen = attention(p, `${name}.encoder_attn`, cross, config.decoderHeads, input.keyMask);
    y = norm(p, `${name}.encoder_attn_layer_norm`, y.add(seen)) as Tensor3D;
    y = feedForward(p, name, y);
    outputs.push(norm(p, 'model.decoder.layernorm', y));
  }
  const hidden = tf.stack(outputs) as Tensor4D;
  const inner = tf.relu(linear(p, 'bbox_predictor.layers.0', hidden));
  const outer = tf.relu(linear(p, 'bbox_predictor.layers.1', inner));
  return {
    logits: linear(p, 'class_labels_classifier', hidden) as Tensor4D,
    boxes: tf.sigmoid(linear(p, 'bbox_predictor.layers.2', outer)) as Tensor4D,
  };
}

function convBatchNorm(p: DetrParameters, conv: string, bn: string, x: Tensor4D, stride: number): Tensor4D {
  const filter = p.get<Tensor4D>(`${conv}.weight`);
  const [kernel, , inC, out] = filter.shape;
  const scale = p.get(`${bn}.weight`).mul(p.get(`${bn}.running_var`).add(1e-5).rsqrt());
  const shift = p.get(`${bn}.bias`).sub(p.get(`${bn}.running_mean`).mul(scale));
  if (kernel !== 1)
    return tf
      .conv2d(x, filter, stride, (kernel - 1) / 2)
      .mul<Tensor4D>(scale)
      .add(shift);
  const picked = stride === 1 ? x : tf.avgPool(x, 1, stride, 'valid');
  const [B, h, w] = picked.shape;
  const y = tf.matMul(picked.reshape<Tensor2D>([B * h * w, inC]), filter.reshape<Tensor2D>([inC, out]));
  return y.reshape<Tensor4D>([B, h, w, out]).mul<Tensor4D>(scale).add(shift);
}

function linear(p: DetrParameters, name: string, x: Tensor): Tensor {
  const weight = p.get<Tensor2D>(`${name}.weight`);
  const [out, inC] = weight.shape;
  const y = tf.matMul(x.reshape<Tensor2D>([-1, inC]), weight, false, true).add(p.get(`${name}.bias`));
  return y.reshape([...x.shape.slice(0, -1), out]);
}

function norm(p: DetrParameters, name: string, x: Tensor): Tensor {
  const centred = x.sub(x.mean(-1, true));
  const scaled = centred.mul(centred.square().mean(-1, true).add(1e-5).rsqrt());
  return scaled.mul(p.get(`${name}.weight`)).add(p.get(`${name}.bias`));
}

export interface StockInput extends TokenPlaces {
  /** Output of the frozen stages. */
  readonly features: Tensor4D;
}

type Inputs = readonly [query: Tensor3D, key: Tensor3D, value: Tensor3D];

function attention(
  p: DetrParameters,
  name: string,
  [query, key, value]: Inputs,
  heads: number,
  mask?: Tensor4D,
): Tensor {
  const [B, N, d] = query.shape;
  const width = d / heads;
  const split = (x: Tensor) => x.reshape([B, x.shape[1] ?? 0, heads, width]).transpose<Tensor4D>([0, 2, 1, 3]);
  const q = split(linear(p, `${name}.q_proj`, query).mul(1 / Math.sqrt(width)));
  const k = split(linear(p, `${name}.k_proj`, key));
  const v = split(linear(p, `${name}.v_proj`, value));
  const scores = tf.matMul(q, k, false, true);
  const mixed = tf.matMul(tf.softmax(mask ? scores.add<Tensor4D>(mask) : scores), v);
  return linear(p, `${name}.out_proj`, mixed.transpose([0, 2, 1, 3]).reshape([B, N, d]));
}

function feedForward(p: DetrParameters, name: string, x: Tensor3D): Tensor3D {
  const out = linear(p, `${name}.fc2`, tf.relu(linear(p, `${name}.fc1`, x)));
  return norm(p, `${name}.final_layer_norm`, x.add(out)) as Tensor3D;
}
