import type { Size } from '../base/boxes.ts';
import { writeView } from './apply-view.ts';
import type { NormaliseTable } from './normalise.ts';
import type { PixelBuffers } from './pixel-buffers.ts';
import type { Batch, RgbImage, Target } from './types.ts';
import type { ViewPlan } from './view-plan.ts';

/** One picture of a batch, as it is kept, and what is made of it. */
export interface BatchItem {
  readonly sampleId: string;
  readonly image: RgbImage;
  readonly plan: ViewPlan;
  /** Of the view. */
  readonly target: Target;
}

/**
 * Views normalised and padded with zeros, at the right and below, to `size`, which holds each of them. Their pixels are
 * written into memory of `buffers` where there are any.
 */
export function collate(
  items: readonly BatchItem[],
  size: Size,
  table: NormaliseTable,
  buffers: Pick<PixelBuffers, 'take'> = { take: (length) => new Float32Array(length) },
): Batch {
  return {
    sampleIds: items.map(({ sampleId }) => sampleId),
    size,
    pixelsNhwc: collatePixels(items, size, table, buffers.take(items.length * size.h * size.w * 3)),
    validSizes: items.map(({ plan }) => plan.size),
    targets: items.map(({ target }) => target),
  };
}

/** The pixels of it: `[B, size.h, size.w, 3]` f32, all of `pixels` written; returns it. */
export function collatePixels(
  items: readonly Pick<BatchItem, 'image' | 'plan'>[],
  size: Size,
  table: NormaliseTable,
  pixels: Float32Array,
): Float32Array {
  const stride = size.h * size.w * 3;
  items.forEach(({ image, plan }, i) => {
    writeView(image, plan, table, { pixels, offset: i * stride, padded: size });
    clearPadding(pixels.subarray(i * stride, (i + 1) * stride), plan.size, size);
  });
  return pixels;
}

function clearPadding(pixels: Float32Array, valid: Size, padded: Size): void {
  for (let y = 0; y < valid.h; y += 1) pixels.fill(0, (y * padded.w + valid.w) * 3, (y + 1) * padded.w * 3);
  pixels.fill(0, valid.h * padded.w * 3);
}
