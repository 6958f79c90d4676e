import type { Size } from '../base/boxes.ts';
import { writeView } from './apply-view.ts';
import type { NormaliseTable } from './normalise.ts';
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

/** Views normalised and padded with zeros, at the right and below, to `size`, which holds each of them. */
export function collate(items: readonly BatchItem[], size: Size, table: NormaliseTable): Batch {
  return {
    sampleIds: items.map(({ sampleId }) => sampleId),
    size,
    pixelsNhwc: collatePixels(items, size, table),
    validSizes: items.map(({ plan }) => plan.size),
    targets: items.map(({ target }) => target),
  };
}

/** The pixels of it: `[B, size.h, size.w, 3]` f32. */
export function collatePixels(
  items: readonly Pick<BatchItem, 'image' | 'plan'>[],
  size: Size,
  table: NormaliseTable,
): Float32Array<ArrayBuffer> {
  const stride = size.h * size.w * 3;
  const pixels = new Float32Array(items.length * stride);
  items.forEach(({ image, plan }, i) => {
    writeView(image, plan, table, { pixels, offset: i * stride, padded: size });
  });
  return pixels;
}
