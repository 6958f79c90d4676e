import type { DetrConfig } from './types.ts';

/** What a tensor is to the model: which rate it learns at, and whether it may learn at all. */
export type ParameterRole =
  /** Learns, at the backbone's rate. */
  | 'backbone'
  /** Learns, at the main rate. */
  | 'transformer'
  /** Learns, at the main rate, and may begin alone: for new classes it holds nothing yet. */
  | 'class-head'
  /** Stem, first stage: as pretrained. */
  | 'frozen'
  /** Statistics and affine part of frozen batch norm. */
  | 'batch-norm';

/** One tensor of the model under its Hugging Face name (the hub's form, with timm's backbone names). */
export interface ParameterSpec {
  readonly name: string;
  /** As in the checkpoint: `[out, in]`, `[out, in, kh, kw]`, or `[n]`. */
  readonly shape: readonly number[];
  readonly role: ParameterRole;
}

/** One bottleneck block: names, widths, strides. */
export interface BlockSpec {
  readonly prefix: string;
  readonly inChannels: number;
  readonly midChannels: number;
  readonly outChannels: number;
  /** Of the 3x3 convolution and the shortcut. */
  readonly stride: number;
  readonly dilation: number;
  readonly hasShortcut: boolean;
}

export const BACKBONE_PREFIX = 'model.backbone.conv_encoder.model.';

/** Channels inside a bottleneck are a quarter of its output's. */
const REDUCTION = 4;

/** The blocks of each stage, in order. */
export function backboneStages({ backbone, dilation }: DetrConfig): BlockSpec[][] {
  let inChannels = backbone.embeddingSize;
  return backbone.hiddenSizes.map((outChannels, s) => {
    const dilated = dilation && s === 3;
    const blocks = Array.from({ length: backbone.depths[s] ?? 0 }, (_, b): BlockSpec => {
      const stride = b === 0 && s > 0 && !dilated ? 2 : 1;
      const block = {
        prefix: `${BACKBONE_PREFIX}layer${s + 1}.${b}.`,
        inChannels,
        midChannels: Math.floor(outChannels / REDUCTION),
        outChannels,
        stride,
        // The first block of a dilated stage keeps dilation 1, as torchvision's ResNet does.
        dilation: dilated && b > 0 ? 2 : 1,
        hasShortcut: b === 0 && (inChannels !== outChannels || stride !== 1),
      };
      inChannels = outChannels;
      return block;
    });
    return blocks;
  });
}

/** Every tensor of the model, in the order of a state dict. */
export function parameterSpecs(config: DetrConfig): ParameterSpec[] {
  return [...backboneSpecs(config), ...transformerSpecs(config)];
}

function backboneSpecs(config: DetrConfig): ParameterSpec[] {
  const specs: ParameterSpec[] = [];
  const conv = (name: string, out: number, inC: number, k: number, role: ParameterRole) =>
    specs.push({ name: `${name}.weight`, shape: [out, inC, k, k], role });
  const batchNorm = (name: string, channels: number) => {
    for (const part of ['weight', 'bias', 'running_mean', 'running_var']) {
      specs.push({ name: `${name}.${part}`, shape: [channels], role: 'batch-norm' });
    }
  };
  conv(`${BACKBONE_PREFIX}conv1`, config.backbone.embeddingSize, 3, 7, 'frozen');
  batchNorm(`${BACKBONE_PREFIX}bn1`, config.backbone.embeddingSize);
  for (const [s, blocks] of backboneStages(config).entries()) {
    const role = s === 0 ? 'frozen' : 'backbone';
    for (const { prefix, inChannels, midChannels, outChannels, hasShortcut } of blocks) {
      conv(`${prefix}conv1`, midChannels, inChannels, 1, role);
      batchNorm(`${prefix}bn1`, midChannels);
      conv(`${prefix}conv2`, midChannels, midChannels, 3, role);
      batchNorm(`${prefix}bn2`, midChannels);
      conv(`${prefix}conv3`, outChannels, midChannels, 1, role);
      batchNorm(`${prefix}bn3`, outChannels);
      if (hasShortcut) {
        conv(`${prefix}downsample.0`, outChannels, inChannels, 1, role);
        batchNorm(`${prefix}downsample.1`, outChannels);
      }
    }
  }
  return specs;
}

function transformerSpecs(config: DetrConfig): ParameterSpec[] {
  const { dModel: d } = config;
  const specs: ParameterSpec[] = [];
  const add = (name: string, ...shape: number[]) => specs.push({ name, shape, role: 'transformer' });
  const linear = (name: string, out: number, inC: number) => {
    add(`${name}.weight`, out, inC);
    add(`${name}.bias`, out);
  };
  const layerNorm = (name: string) => {
    add(`${name}.weight`, d);
    add(`${name}.bias`, d);
  };
  const attention = (name: string) => {
    for (const part of ['k_proj', 'v_proj', 'q_proj', 'out_proj']) linear(`${name}.${part}`, d, d);
    layerNorm(`${name}_layer_norm`);
  };
  const feedForward = (name: string, ffn: number) => {
    linear(`${name}.fc1`, ffn, d);
    linear(`${name}.fc2`, d, ffn);
    layerNorm(`${name}.final_layer_norm`);
  };

  add('model.input_projection.weight', d, config.backbone.hiddenSizes.at(-1) ?? 0, 1, 1);
  add('model.input_projection.bias', d);
  add('model.query_position_embeddings.weight', config.numQueries, d);
  for (let i = 0; i < config.encoderLayers; i++) {
    attention(`model.encoder.layers.${i}.self_attn`);
    feedForward(`model.encoder.layers.${i}`, config.encoderFfnDim);
  }
  for (let i = 0; i < config.decoderLayers; i++) {
    attention(`model.decoder.layers.${i}.self_attn`);
    attention(`model.decoder.layers.${i}.encoder_attn`);
    feedForward(`model.decoder.layers.${i}`, config.decoderFfnDim);
  }
  layerNorm('model.decoder.layernorm');
  const rows = config.labels.length + 1;
  specs.push({ name: 'class_labels_classifier.weight', shape: [rows, d], role: 'class-head' });
  specs.push({ name: 'class_labels_classifier.bias', shape: [rows], role: 'class-head' });
  linear('bbox_predictor.layers.0', d, d);
  linear('bbox_predictor.layers.1', d, d);
  linear('bbox_predictor.layers.2', 4, d);
  return specs;
}
