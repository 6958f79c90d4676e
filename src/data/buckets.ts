import type { Size } from '../base/boxes.ts';

/** Pictures of one kind share a batch; the other kind has the sides exchanged. A square is landscape. */
export type Shape = 'landscape' | 'portrait';

/** The backbone's stride: a side that is no multiple of it wastes part of a cell. */
const STRIDE = 32;
/** The capped short side is rounded, so the long one can pass the longest edge: by 2 px where it is 4 times as long. */
const OVERSHOOT = 2;

export function shapeOf({ h, w }: Size): Shape {
  return w >= h ? 'landscape' : 'portrait';
}

/**
 * The lengths that the long side of a padded batch can take: three at most, multiples of 32, from the shortest edge to the
 * longest (160 and 266: 160, 224, 288; 800 and 1333: 800, 1088, 1344). Few sizes keep GPU buffers and shaders few.
 */
export function bucketLengths(shortestEdge: number, longestEdge: number): number[] {
  const low = ceilToStride(shortestEdge);
  const high = Math.max(low, ceilToStride(longestEdge + OVERSHOOT));
  return [...new Set([low, ceilToStride((low + high) / 2), high])];
}

/**
 * The smallest padded size that holds pictures of these resized sizes, all of one shape; its short side is that of every
 * batch. A picture past the longest edge, which only extreme ones are, gets a size of its own, a multiple of 32.
 */
export function bucketFor(
  sizes: readonly Size[],
  shape: Shape,
  { shortestEdge, longestEdge }: { readonly shortestEdge: number; readonly longestEdge: number },
): Size {
  const long = Math.max(...sizes.map(({ h, w }) => Math.max(h, w)));
  const short = Math.max(ceilToStride(shortestEdge), ...sizes.map(({ h, w }) => ceilToStride(Math.min(h, w))));
  const length = bucketLengths(shortestEdge, longestEdge).find((candidate) => candidate >= long) ?? ceilToStride(long);
  return shape === 'landscape' ? { h: short, w: length } : { h: length, w: short };
}

function ceilToStride(length: number): number {
  return Math.ceil(length / STRIDE) * STRIDE;
}
