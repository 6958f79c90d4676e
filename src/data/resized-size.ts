import type { Size } from '../base/boxes.ts';
import type { PreprocessorConfig } from './types.ts';

/**
 * The size to which the original DETR resizes a picture of `size` pixels: the shortest side becomes `shortestEdge`, unless
 * the longest would pass `longestEdge`; sides are cut to whole pixels, the capped shortest side is rounded half to even
 * (facebookresearch/detr @29901c5 `datasets/transforms.py`, `get_size_with_aspect_ratio`). Of a picture over some 2,700
 * times as long as high, the original makes a side of 0; here it is 1.
 */
export function resizedSize(
  size: Size,
  { shortestEdge, longestEdge }: Pick<PreprocessorConfig, 'shortestEdge' | 'longestEdge'>,
): Size {
  const { h, w } = size;
  const short = Math.min(h, w);
  const long = Math.max(h, w);
  let shortest = shortestEdge;
  if ((long / short) * shortestEdge > longestEdge) {
    shortest = Math.max(1, roundHalfToEven((longestEdge * short) / long));
  }
  if (short === shortest) return { h, w };
  return w < h
    ? { h: Math.trunc((shortest * h) / w), w: shortest }
    : { h: shortest, w: Math.trunc((shortest * w) / h) };
}

/** The longest edge that goes with a shortest one: 1333 to 800, cut to whole pixels. */
export function longestEdgeFor(shortestEdge: number): number {
  return Math.floor((shortestEdge * 1333) / 800);
}

/** Python's `round`: to the nearest whole number, halves to the even one. */
export function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
