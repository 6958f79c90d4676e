import type { Size } from '../base/boxes.ts';

/**
 * Which cells of a feature grid hold picture and which padding: `[h, w]` u8, 1 on padding.
 *
 * The picture fills the top left `valid` of `padded` pixels. Cell k looks at pixel floor(k * in / out), which is the
 * nearest-neighbour rule of torch's `interpolate` and not a division by the stride (models/backbone.py of
 * facebookresearch/detr at 29901c5).
 */
export function featurePadMask(valid: Size, padded: Size, grid: Size): Uint8Array {
  const mask = new Uint8Array(grid.h * grid.w);
  for (let y = 0; y < grid.h; y++) {
    const outsideY = Math.floor((y * padded.h) / grid.h) >= valid.h;
    for (let x = 0; x < grid.w; x++) {
      const outsideX = Math.floor((x * padded.w) / grid.w) >= valid.w;
      mask[y * grid.w + x] = outsideY || outsideX ? 1 : 0;
    }
  }
  return mask;
}
