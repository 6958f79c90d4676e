import type { Size } from '../base/boxes.ts';
import { StudioError } from '../base/errors.ts';
import { normaliseTable } from './normalise.ts';
import { resizeBilinear } from './resize.ts';
import { resizedSize } from './resized-size.ts';
import type { PreprocessorConfig, RgbImage } from './types.ts';
import { writeResized } from './write-resized.ts';

/** One picture as the model takes it, without padding. */
export interface PreprocessedPicture {
  /** `[h, w, 3]` f32, normalised. */
  readonly pixelsNhwc: Float32Array<ArrayBuffer>;
  readonly size: Size;
}

/**
 * A decoded picture at the size that the model takes. Throws `bad-image` where it is so long and thin that even the
 * longest edge is passed twice over.
 */
export function resizePicture(image: RgbImage, config: PreprocessorConfig): RgbImage {
  refuseThin(image.size, config);
  return resizeBilinear(image, resizedSize(image.size, config));
}

/**
 * A decoded picture as it is kept until it is drawn: as it is, or at the size that the model takes where that is the
 * smaller. Throws as `resizePicture`.
 */
export function keptPicture(image: RgbImage, config: PreprocessorConfig): RgbImage {
  refuseThin(image.size, config);
  return resizeBilinear(image, keptSize(image.size, config));
}

/** The size at which a picture of that size is kept. */
export function keptSize(original: Size, config: PreprocessorConfig): Size {
  const resized = resizedSize(original, config);
  return resized.h * resized.w < original.h * original.w ? resized : original;
}

/** Throws `bad-image` for a picture of that size that is too long and thin. */
export function refuseThin(original: Size, config: PreprocessorConfig): void {
  const size = resizedSize(original, config);
  if (Math.max(size.h, size.w) <= 2 * config.longestEdge) return;
  const message = `The picture of ${original.w} x ${original.h} pixels is too long and thin; cut it into pieces.`;
  throw new StudioError('bad-image', message);
}

/** Resizes and normalises one decoded picture, at its own size: for prediction and parity. Throws as `resizePicture`. */
export function preprocessPicture(image: RgbImage, config: PreprocessorConfig): PreprocessedPicture {
  refuseThin(image.size, config);
  const size = resizedSize(image.size, config);
  const pixelsNhwc = new Float32Array(size.h * size.w * 3);
  writeResized(image, size, normaliseTable(config), { pixels: pixelsNhwc, offset: 0, padded: size }, false);
  return { pixelsNhwc, size };
}
