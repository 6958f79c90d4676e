import type { Size } from '../base/boxes.ts';
import type { PreprocessorConfig, RgbImage } from './types.ts';

/** For each channel, the normalised value of each of the 256 levels: `(level / 255 - mean) / std`. */
export type NormaliseTable = readonly [Float32Array, Float32Array, Float32Array];

/** The table for a config. */
export function normaliseTable({ imageMean, imageStd }: PreprocessorConfig): NormaliseTable {
  const channel = (mean: number, std: number) =>
    Float32Array.from({ length: 256 }, (_, level) => (level / 255 - mean) / std);
  return [channel(imageMean[0], imageStd[0]), channel(imageMean[1], imageStd[1]), channel(imageMean[2], imageStd[2])];
}

/**
 * Writes a picture, normalised, into the top left corner of `[padded.h, padded.w, 3]` f32 at `offset` of `out`, mirrored
 * left to right if `flip`; what is not written stays as it is.
 */
export function writeNormalised(
  image: RgbImage,
  table: NormaliseTable,
  out: Float32Array,
  offset: number,
  padded: Size,
  flip: boolean,
): void {
  const { h, w } = image.size;
  const [red, green, blue] = table;
  const { data } = image;
  const step = flip ? -3 : 3;
  let from = 0;
  for (let y = 0; y < h; y += 1) {
    let to = offset + (y * padded.w + (flip ? w - 1 : 0)) * 3;
    for (let x = 0; x < w; x += 1) {
      out[to] = red[data[from] as number] as number;
      out[to + 1] = green[data[from + 1] as number] as number;
      out[to + 2] = blue[data[from + 2] as number] as number;
      from += 3;
      to += step;
    }
  }
}
