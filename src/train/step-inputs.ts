import type { Size } from '../base/boxes.ts';
import type { Batch, Target } from '../data/types.ts';
import {
  type DetrForObjectDetection,
  type Features,
  featureGrid,
  type TokenPlaces,
  tokenPlaces,
  tokenPlaceValues,
} from '../detr/model.ts';
import type { DetrConfig } from '../detr/types.ts';
import { stepInput, stepValues } from '../kernels/dropout.ts';
import { unpackHalf } from '../kernels/half.ts';
import { mostTargets, type PackedTargets, packTargets, targetSlots, targetValues } from '../loss/targets.ts';
import { type Tensor1D, type Tensor3D, type Tensor4D, tf, type UniformInput, writeTensor } from '../tf/index.ts';

/** How far the frozen part of a model goes: the input projection, or the encoder. */
export type FrozenStage = 'projected' | 'memory';

/** Pictures to train on, as pixels. */
export type PixelBatch = Pick<Batch, 'pixelsNhwc' | 'size' | 'validSizes' | 'targets'>;

/** Pictures to train on, as features that the frozen part has made of them. */
export interface FeatureBatch {
  readonly stage: FrozenStage;
  /** The padded size in pixels, of whose grid the tokens are. */
  readonly size: Size;
  /** The real part of each picture, from the top left corner. */
  readonly validSizes: readonly Size[];
  /** Tokens `[B, M, d]` as f16, two a word; zero where there is no picture. */
  readonly tokensHalf: Int32Array;
  readonly targets: readonly Target[];
}

/** What a step takes of a batch. */
export type StepBatch = PixelBatch | FeatureBatch;

/** A batch's pictures on the GPU: pixels `[B, h, w, 3]` f32, or tokens `[B M d / 2]` i32. */
type Shown =
  | { readonly stage: 'stage1'; readonly tensor: Tensor4D }
  | { readonly stage: FrozenStage; readonly tensor: Tensor1D; readonly shape: [B: number, M: number, d: number] };

/**
 * A batch on the GPU, in buffers that other batches of its shape are written into; `dispose` frees them.
 */
export class StepInputs {
  readonly places: TokenPlaces;
  readonly targets: PackedTargets;
  /** What dropout draws its masks for. */
  readonly dropoutStep: UniformInput;

  readonly #shown: Shown;
  readonly #slots: number;

  /** Holds that batch, with room for `slots` targets a picture: as few as hold it, unless told. */
  constructor(
    private readonly config: DetrConfig,
    batch: StepBatch,
    dropoutStep: number,
    slots = targetSlots(mostTargets(batch.targets)),
  ) {
    const { size, validSizes, targets } = batch;
    this.#slots = slots;
    this.#shown = shownOf(config, batch);
    this.places = tokenPlaces(config, size, validSizes);
    this.targets = packTargets(targets, config.labels.length, slots);
    this.dropoutStep = stepInput(dropoutStep);
  }

  /** Where the differentiable part begins: one stage of the model, or one program, on what was uploaded. The caller's. */
  features(model: DetrForObjectDetection): Features {
    const shown = this.#shown;
    if (shown.stage === 'stage1') return model.frozenFeatures(shown.tensor);
    return { stage: shown.stage, features: unpackHalf(shown.tensor, shown.shape) as Tensor3D };
  }

  /** Puts another batch of the same shape, and of the same kind, in the place of this one. */
  write(batch: StepBatch, dropoutStep: number): void {
    const { size, validSizes, targets } = batch;
    writeTensor(this.#shown.tensor, valuesOf(batch));
    const { positions, keyMask } = tokenPlaceValues(this.config, size, validSizes);
    writeTensor(this.places.positions, positions);
    writeTensor(this.places.keyMask, keyMask);
    const values = targetValues(targets, this.config.labels.length, this.#slots);
    for (const name of ['classIds', 'boxes', 'counts', 'normaliser'] as const) {
      writeTensor(this.targets[name], values[name]);
    }
    this.dropoutStep.write(stepValues(dropoutStep));
  }

  dispose(): void {
    tf.dispose([this.#shown.tensor, this.places.positions, this.places.keyMask]);
    this.targets.dispose();
    this.dropoutStep.dispose();
  }
}

function valuesOf(batch: StepBatch): Float32Array | Int32Array {
  return 'tokensHalf' in batch ? batch.tokensHalf : batch.pixelsNhwc;
}

function shownOf({ dModel, dilation }: DetrConfig, batch: StepBatch): Shown {
  const { size, validSizes } = batch;
  const B = validSizes.length;
  if (!('tokensHalf' in batch)) {
    return { stage: 'stage1', tensor: tf.tensor4d(batch.pixelsNhwc, [B, size.h, size.w, 3]) };
  }
  const { h, w } = featureGrid(size, dilation);
  return { stage: batch.stage, tensor: tf.tensor1d(batch.tokensHalf, 'int32'), shape: [B, h * w, dModel] };
}
