import type { Tensor4D } from '../tf/index.ts';

/** Depth and widths of a bottleneck ResNet. */
export interface BackboneConfig {
  /** Channels after the stem. */
  readonly embeddingSize: number;
  /** Channels after each of the four stages. */
  readonly hiddenSizes: readonly number[];
  /** Blocks of each stage. */
  readonly depths: readonly number[];
}

/** config.json of a DETR, as far as the model reads it. */
export interface DetrConfig {
  readonly backbone: BackboneConfig;
  /** DC5: stage 4 keeps its resolution and is dilated instead. */
  readonly dilation: boolean;
  readonly dModel: number;
  readonly encoderLayers: number;
  readonly decoderLayers: number;
  readonly encoderHeads: number;
  readonly decoderHeads: number;
  readonly encoderFfnDim: number;
  readonly decoderFfnDim: number;
  readonly numQueries: number;
  /** Class names; the index is the label id. "No object" is not among them. */
  readonly labels: readonly string[];
  readonly dropout: number;
  readonly attentionDropout: number;
  readonly activationDropout: number;
  readonly classCost: number;
  readonly bboxCost: number;
  readonly giouCost: number;
  readonly bboxLossCoefficient: number;
  readonly giouLossCoefficient: number;
  readonly eosCoefficient: number;
  /** The whole file, for writing it back. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** What the model says of each query, for every decoder layer. */
export interface DetrOutput {
  /** `[L, B, Q, C + 1]` f32; the last class is "no object". */
  readonly logits: Tensor4D;
  /** `[L, B, Q, 4]` f32, cxcywh, fraction of the picture without padding. */
  readonly boxes: Tensor4D;
}
