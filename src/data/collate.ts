import type { Size } from '../base/boxes.ts';
import { type NormaliseTable, writeNormalised } from './normalise.ts';
import type { Batch, RgbImage, Target } from './types.ts';

/** One picture of a batch: already resized, its target already mirrored where `flip` says that its pixels shall be. */
export interface BatchItem {
  readonly sampleId: string;
  readonly image: RgbImage;
  readonly target: Target;
  readonly flip: boolean;
}

/** Pictures normalised and padded with zeros, at the right and below, to `size`, which holds each of them. */
export function collate(items: readonly BatchItem[], size: Size, table: NormaliseTable): Batch {
  const stride = size.h * size.w * 3;
  const pixelsNhwc = new Float32Array(items.length * stride);
  items.forEach(({ image, flip }, i) => {
    writeNormalised(image, table, pixelsNhwc, i * stride, size, flip);
  });
  return {
    sampleIds: items.map(({ sampleId }) => sampleId),
    size,
    pixelsNhwc,
    validSizes: items.map(({ image }) => image.size),
    targets: items.map(({ target }) => target),
  };
}
