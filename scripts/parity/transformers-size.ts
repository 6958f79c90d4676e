import type { Size } from '../../src/base/boxes.ts';
import { roundHalfToEven } from '../../src/data/resized-size.ts';

/**
 * The size to which transformers' DetrImageProcessor resizes a picture. Unlike the original it keeps the capped shortest
 * side unrounded for the other side, so that the longest comes out at `longest` itself (huggingface/transformers
 * `image_transforms`, `get_size_with_aspect_ratio`). Detrain resizes as the original does; this foretells what
 * transformers will do with the same files.
 */
export function transformersSize({ h, w }: Size, shortest: number, longest: number): Size {
  const short = Math.min(h, w);
  const long = Math.max(h, w);
  const isCapped = (long / short) * shortest > longest;
  const exact = isCapped ? (longest * short) / long : shortest;
  const side = isCapped ? roundHalfToEven(exact) : shortest;
  if (short === side) return { h, w };
  return w < h ? { h: Math.trunc((exact * h) / w), w: side } : { h: side, w: Math.trunc((exact * w) / h) };
}
