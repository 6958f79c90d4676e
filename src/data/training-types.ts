import type { Augment } from '../base/augment.ts';
import type { BoxXyxy, Size } from '../base/boxes.ts';
import type { RgbImage, SplitName } from './types.ts';
import type { ViewPlan } from './view-plan.ts';

/** What the model learns from one picture. */
export interface Target {
  /** `[n]` i32. */
  readonly classIds: Int32Array;
  /** `[n, 4]` f32, cxcywh, fraction of the picture (without padding). */
  readonly boxesCxcywhNorm: Float32Array;
}

/** Pictures of one step, padded at the right and below to a fixed size. */
export interface Batch {
  readonly sampleIds: readonly string[];
  /** The padded size, one of a few. */
  readonly size: Size;
  /** `[B, h, w, 3]` f32, normalised; zero where padded. */
  readonly pixelsNhwc: Float32Array;
  /** The real part of each picture, from the top left corner. */
  readonly validSizes: readonly Size[];
  readonly targets: readonly Target[];
}

/** A picture as it is kept, and what is made of it. */
export interface PlannedPicture {
  readonly image: RgbImage;
  readonly plan: ViewPlan;
}

/** Port: the work on pixels, which may be done on other threads: the same work gives the same bytes, wherever it is done. */
export interface PictureWork {
  /** The encoded picture as `keptPicture` has it. Throws `bad-image`, also where it is not of the size `expected`. */
  keep(bytes: Uint8Array, expected: Size, config: PreprocessorConfig): Promise<RgbImage>;
  /**
   * The pixels of a batch as `collatePixels` writes them. `pixels` is the callee's from the call on, and what is returned the
   * caller's.
   */
  collate(
    pictures: readonly PlannedPicture[],
    size: Size,
    config: PreprocessorConfig,
    pixels: Float32Array,
  ): Promise<Float32Array>;
}

/** Which views of a data set's pictures are to be seen: the first that a run with such settings would draw. */
export interface FirstViewsRequest {
  readonly split: SplitName;
  readonly count: number;
  readonly augment: Augment;
  /** Shortest edge in pixels. */
  readonly size: number;
  readonly seed: number;
}

/** Which views of one picture are to be seen. */
export interface PictureViewsRequest extends FirstViewsRequest {
  readonly sampleId: string;
  /** How many views a picture has where the backbone is frozen; null where it is trained. */
  readonly frozenViews: number | null;
}

/** What training sees of a picture. */
export interface SeenView<Picture> {
  readonly sampleId: string;
  /** As which picture of the run it is drawn, from 0. */
  readonly drawn: number;
  readonly picture: Picture;
  readonly size: Size;
  readonly boxes: readonly SeenBox[];
}

export interface SeenBox {
  /** Index into the set's classes. */
  readonly classId: number;
  /** Pixels of the view. */
  readonly boxXyxyPx: BoxXyxy;
}

/** preprocessor_config.json, as far as it bears on pixels. */
export interface PreprocessorConfig {
  readonly shortestEdge: number;
  readonly longestEdge: number;
  /** Per channel, of values in 0..1. */
  readonly imageMean: readonly [number, number, number];
  readonly imageStd: readonly [number, number, number];
}
