import type { Batch } from '../data/types.ts';
import { tokenPlaces, tokenPlaceValues } from '../detr/model.ts';
import type { DetrConfig } from '../detr/types.ts';
import { stepInput, stepValues } from '../kernels/dropout.ts';
import { mostTargets, type PackedTargets, packTargets, targetSlots, targetValues } from '../loss/targets.ts';
import { type Tensor3D, type Tensor4D, tf, type UniformInput, writeTensor } from '../tf/index.ts';

/** What a step takes of a batch. */
export type StepBatch = Pick<Batch, 'pixelsNhwc' | 'size' | 'validSizes' | 'targets'>;

/**
 * A batch on the GPU, in buffers that other batches of its shape are written into; `dispose` frees them.
 */
export class StepInputs {
  /** `[B, h, w, 3]` f32. */
  readonly pixels: Tensor4D;
  /** `[B, M, d]` f32. */
  readonly positions: Tensor3D;
  /** `[B, 1, 1, M]` f32, 0 or -1e9. */
  readonly keyMask: Tensor4D;
  readonly targets: PackedTargets;
  /** What dropout draws its masks for. */
  readonly dropoutStep: UniformInput;

  readonly #slots: number;

  /** Holds that batch, with room for `slots` targets a picture: as few as hold it, unless told. */
  constructor(
    private readonly config: DetrConfig,
    { pixelsNhwc, size, validSizes, targets }: StepBatch,
    dropoutStep: number,
    slots = targetSlots(mostTargets(targets)),
  ) {
    this.#slots = slots;
    const { h, w } = size;
    this.pixels = tf.tensor4d(pixelsNhwc, [validSizes.length, h, w, 3]);
    const { positions, keyMask } = tokenPlaces(config, size, validSizes);
    this.positions = positions;
    this.keyMask = keyMask;
    this.targets = packTargets(targets, config.labels.length, slots);
    this.dropoutStep = stepInput(dropoutStep);
  }

  /** Puts another batch of the same shape in the place of this one. */
  write({ pixelsNhwc, size, validSizes, targets }: StepBatch, dropoutStep: number): void {
    writeTensor(this.pixels, pixelsNhwc);
    const { positions, keyMask } = tokenPlaceValues(this.config, size, validSizes);
    writeTensor(this.positions, positions);
    writeTensor(this.keyMask, keyMask);
    const values = targetValues(targets, this.config.labels.length, this.#slots);
    for (const name of ['classIds', 'boxes', 'counts', 'normaliser'] as const) {
      writeTensor(this.targets[name], values[name]);
    }
    this.dropoutStep.write(stepValues(dropoutStep));
  }

  dispose(): void {
    tf.dispose([this.pixels, this.positions, this.keyMask]);
    this.targets.dispose();
    this.dropoutStep.dispose();
  }
}
