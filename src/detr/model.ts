import type { Size } from '../base/boxes.ts';
import { fusedLinear } from '../kernels/linear.ts';
import { type Tensor, type Tensor1D, type Tensor2D, type Tensor3D, type Tensor4D, tf } from '../tf/index.ts';
import { applyHeads } from './heads.ts';
import type { Trace } from './layers.ts';
import { featurePadMask } from './padding.ts';
import { DetrParameters, type ParameterValues } from './parameters.ts';
import { sinePositions } from './position.ts';
import { frozenStages, type StageOptions, trainedStages } from './resnet.ts';
import { type DropoutPlan, decode, encode } from './transformer.ts';
import type { DetrConfig, DetrOutput } from './types.ts';

/** Added to the scores of padded cells; WGSL may assume that there is no infinity. */
const MASKED = -1e9;

/** How far a picture was taken before the part that is trained: nothing before it gets a gradient. */
export type FeatureStage = 'stage1' | 'projected' | 'memory';

/** Features of a batch, f32. */
export type Features =
  /** Output of the stem and the first stage, which are never trained, `[B, H / 4, W / 4, C]`. */
  | { readonly stage: 'stage1'; readonly features: Tensor4D }
  /** Tokens `[B, M, d]` after the input projection, or after the encoder. */
  | { readonly stage: 'projected' | 'memory'; readonly features: Tensor3D };

export interface ForwardOptions {
  /** Left out: no dropout. */
  readonly dropout?: DropoutPlan;
  /** Nothing inside the backbone's blocks and the encoder's layers is kept for the gradient, see `recomputed`. */
  readonly recompute?: boolean;
  readonly trace?: Trace;
}

/** What one pass needs besides the weights and is not differentiated; `dispose` frees it. */
export type PreparedInput = Features & TokenPlaces & { dispose(): void };

/** Where the tokens of a batch stand. */
export interface TokenPlaces {
  /** Sine positions `[B, M, d]`. */
  readonly positions: Tensor3D;
  /** `[B, 1, 1, M]`, 0 or -1e9 on padding. */
  readonly keyMask: Tensor4D;
}

/** DETR (Carion et al. 2020): a ResNet, a transformer, and two heads. Owns its parameters. */
export class DetrForObjectDetection {
  readonly parameters: DetrParameters;

  constructor(
    readonly config: DetrConfig,
    values: ParameterValues,
  ) {
    this.parameters = new DetrParameters(config, values);
  }

  /**
   * Everything that has no gradient: the frozen part of the model as far as `stage`, the padding mask and the positions.
   *
   * `pixels` `[B, H, W, 3]` f32, normalised, zero on padding, borrowed; `validSizes` the real part of each picture. What is
   * frozen has no dropout.
   */
  prepare(
    pixels: Tensor4D,
    validSizes: readonly Size[],
    { stage = 'stage1', trace }: { readonly stage?: FeatureStage; readonly trace?: Trace } = {},
  ): PreparedInput {
    const { config, parameters } = this;
    const [, H, W] = pixels.shape;
    const places = tokenPlaces(config, { h: H, w: W }, validSizes);
    const upTo = (): Tensor => {
      const { features: stage1 } = this.frozenFeatures(pixels, trace);
      if (stage === 'stage1') return stage1;
      const tokens = this.#project(stage1, trace ? { trace } : {});
      return stage === 'projected'
        ? tokens
        : encode(parameters, config, tokens, { ...places, ...(trace && { trace }) });
    };
    const features = tf.tidy(upTo);
    return {
      ...({ stage, features } as Features),
      ...places,
      dispose: () => tf.dispose([features, ...Object.values(places)]),
    };
  }

  /** What the stages that are never trained make of pixels, as `prepare` takes them; the caller's. */
  frozenFeatures(pixels: Tensor4D, trace?: Trace): Features & { readonly stage: 'stage1' } {
    return { stage: 'stage1', features: frozenStages(this.parameters, this.config, pixels, trace) };
  }

  /** The differentiable rest of the pass. Borrows `input`; the output is the caller's (or the tape's). */
  forward(input: Features & TokenPlaces, options: ForwardOptions = {}): DetrOutput {
    const { dropout, recompute = false, trace } = options;
    const { config, parameters: p } = this;
    const { positions, keyMask } = input;
    const context = { positions, keyMask, recompute, ...(dropout && { dropout }), ...(trace && { trace }) };
    const encoded = (): Tensor3D => {
      if (input.stage === 'stage1') return encode(p, config, this.#project(input.features, options), context);
      if (input.stage === 'projected') return encode(p, config, input.features, { ...context, frozenInput: true });
      return input.features;
    };
    const memory = encoded();
    trace?.('memory', memory);
    const hidden = decode(p, config, memory, { ...context, frozenInput: input.stage === 'memory' });
    trace?.('hs', hidden);
    return applyHeads(p, hidden);
  }

  /** Stages 2 to 4 and the input projection on the output of the first: tokens `[B, M, d]`. */
  #project(stage1: Tensor4D, options: StageOptions): Tensor3D {
    const { config, parameters: p } = this;
    const { trace } = options;
    const c5 = trainedStages(p, config, stage1, options);
    const [B, h, w, C] = c5.shape;
    const projected = fusedLinear(
      c5.reshape<Tensor2D>([B * h * w, C]),
      p.get('model.input_projection.weight').reshape<Tensor2D>([C, config.dModel]),
      p.get<Tensor1D>('model.input_projection.bias'),
      { inputFirst: true },
    );
    trace?.('input_projection', projected.reshape([B, h, w, config.dModel]));
    return projected.reshape([B, h * w, config.dModel]) as Tensor3D;
  }

  /** A whole pass without gradient: `[L, B, Q, ...]`, the caller's. */
  predict(pixels: Tensor4D, validSizes: readonly Size[], trace?: Trace): DetrOutput {
    const input = this.prepare(pixels, validSizes, trace ? { trace } : {});
    try {
      return tf.tidy(() => this.forward(input, trace ? { trace } : {}) as DetrOutput & Record<string, Tensor4D>);
    } finally {
      input.dispose();
    }
  }

  dispose(): void {
    this.parameters.dispose();
  }
}

/**
 * Where the feature tokens of a batch stand: sine positions `[B, M, d]`, and the mask of padding `[B, 1, 1, M]`, 0 or -1e9,
 * f32 both and the caller's. `validSizes` are the real parts of pictures that are padded to one size.
 */
export function tokenPlaces(
  config: Pick<DetrConfig, 'dModel' | 'dilation'>,
  padded: Size,
  validSizes: readonly Size[],
): TokenPlaces {
  const B = validSizes.length;
  const { positions, keyMask } = tokenPlaceValues(config, padded, validSizes);
  const cells = keyMask.length / B;
  return {
    positions: tf.tensor3d(positions, [B, cells, config.dModel]),
    keyMask: tf.tensor4d(keyMask, [B, 1, 1, cells]),
  };
}

/** The numbers of `tokenPlaces`. */
export function tokenPlaceValues(
  { dModel, dilation }: Pick<DetrConfig, 'dModel' | 'dilation'>,
  padded: Size,
  validSizes: readonly Size[],
): { readonly positions: Float32Array<ArrayBuffer>; readonly keyMask: Float32Array<ArrayBuffer> } {
  const B = validSizes.length;
  const grid = featureGrid(padded, dilation);
  const cells = grid.h * grid.w;
  const positions = new Float32Array(B * cells * dModel);
  const keyMask = new Float32Array(B * cells);
  for (const [b, valid] of validSizes.entries()) {
    const mask = featurePadMask(valid, padded, grid);
    positions.set(sinePositions(mask, grid, dModel), b * cells * dModel);
    keyMask.set(
      Float32Array.from(mask, (isPadding) => (isPadding ? MASKED : 0)),
      b * cells,
    );
  }
  return { positions, keyMask };
}

/** Cells of C5 for a padded size: each of the five halvings rounds up; a dilated last stage halves four times. */
export function featureGrid({ h, w }: Size, dilation: boolean): Size {
  let grid = { h, w };
  for (let i = 0; i < (dilation ? 4 : 5); i++) grid = { h: Math.ceil(grid.h / 2), w: Math.ceil(grid.w / 2) };
  return grid;
}
