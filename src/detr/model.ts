import type { Size } from '../base/boxes.ts';
import { fusedLinear } from '../kernels/linear.ts';
import { type Tensor1D, type Tensor2D, type Tensor3D, type Tensor4D, tf } from '../tf/index.ts';
import { applyHeads } from './heads.ts';
import type { Trace } from './layers.ts';
import { featurePadMask } from './padding.ts';
import { DetrParameters, type ParameterValues } from './parameters.ts';
import { sinePositions } from './position.ts';
import { frozenStages, trainedStages } from './resnet.ts';
import { type DropoutPlan, decode, encode } from './transformer.ts';
import type { DetrConfig, DetrOutput } from './types.ts';

/** Added to the scores of padded cells; WGSL may assume that there is no infinity. */
const MASKED = -1e9;

export interface ForwardOptions {
  /** Left out: no dropout. */
  readonly dropout?: DropoutPlan;
  readonly trace?: Trace;
}

/** What one pass needs besides the weights and is not differentiated; `dispose` frees it. */
export interface PreparedInput {
  /** Output of the frozen stages, or of the whole backbone where that is frozen. */
  readonly features: Tensor4D;
  /** How many of the four stages are in `features`. */
  readonly stagesDone: 1 | 4;
  readonly positions: Tensor3D;
  readonly keyMask: Tensor4D;
  dispose(): void;
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
   * Everything that has no gradient: the frozen stages, the padding mask and the positions.
   *
   * `pixels` `[B, H, W, 3]` f32, normalised, zero on padding, borrowed; `validSizes` the real part of each picture. With
   * `freezeBackbone` the later stages are computed here as well.
   */
  prepare(
    pixels: Tensor4D,
    validSizes: readonly Size[],
    { freezeBackbone = false, trace }: { readonly freezeBackbone?: boolean; readonly trace?: Trace } = {},
  ): PreparedInput {
    const [, H, W] = pixels.shape;
    const { features, stagesDone } = this.frozenFeatures(pixels, { freezeBackbone, ...(trace && { trace }) });
    const prepared = { features, ...tokenPlaces(this.config, { h: H, w: W }, validSizes) };
    return { ...prepared, stagesDone, dispose: () => tf.dispose(prepared) };
  }

  /** What `prepare` makes of the pixels alone; the caller's. */
  frozenFeatures(
    pixels: Tensor4D,
    { freezeBackbone = false, trace }: { readonly freezeBackbone?: boolean; readonly trace?: Trace } = {},
  ): Pick<PreparedInput, 'features' | 'stagesDone'> {
    const { config, parameters } = this;
    const features = tf.tidy(() => {
      const stage1 = frozenStages(parameters, config, pixels, trace);
      return freezeBackbone ? trainedStages(parameters, config, stage1, trace) : stage1;
    });
    return { features, stagesDone: freezeBackbone ? 4 : 1 };
  }

  /** The differentiable rest of the pass. Borrows `input`; the output is the caller's (or the tape's). */
  forward(input: Omit<PreparedInput, 'dispose'>, { dropout, trace }: ForwardOptions = {}): DetrOutput {
    const { config, parameters: p } = this;
    const c5 = input.stagesDone === 4 ? input.features : trainedStages(p, config, input.features, trace);
    const [B, h, w, C] = c5.shape;
    const projection = p.get('model.input_projection.weight');
    const projected = fusedLinear(
      c5.reshape<Tensor2D>([B * h * w, C]),
      projection.reshape<Tensor2D>([C, config.dModel]),
      p.get<Tensor1D>('model.input_projection.bias'),
      { inputFirst: true, frozenInput: input.stagesDone === 4 },
    );
    const tokens = projected.reshape([B, h * w, config.dModel]) as Tensor3D;
    trace?.('input_projection', projected.reshape([B, h, w, config.dModel]));
    const context = {
      positions: input.positions,
      keyMask: input.keyMask,
      ...(dropout && { dropout }),
      ...(trace && { trace }),
    };
    const memory = encode(p, config, tokens, context);
    trace?.('memory', memory);
    const hidden = decode(p, config, memory, context);
    trace?.('hs', hidden);
    return applyHeads(p, hidden);
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
): Pick<PreparedInput, 'positions' | 'keyMask'> {
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
