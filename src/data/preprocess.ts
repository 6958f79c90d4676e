import type { Size } from '../base/boxes.ts';
import { normaliseTable, writeNormalised } from './normalise.ts';
import { resizeBilinear } from './resize.ts';
import { resizedSize } from './resized-size.ts';
import type { PreprocessorConfig, RgbImage } from './types.ts';

/** One picture as the model takes it, without padding. */
export interface PreprocessedPicture {
  /** `[h, w, 3]` f32, normalised. */
  readonly pixelsNhwc: Float32Array<ArrayBuffer>;
  readonly size: Size;
}

/** Resizes and normalises one decoded picture, at its own size: for prediction and parity. */
export function preprocessPicture(image: RgbImage, config: PreprocessorConfig): PreprocessedPicture {
  const size = resizedSize(image.size, config);
  const pixelsNhwc = new Float32Array(size.h * size.w * 3);
  writeNormalised(resizeBilinear(image, size), normaliseTable(config), pixelsNhwc, 0, size, false);
  return { pixelsNhwc, size };
}
