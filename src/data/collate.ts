import type { Size } from '../base/boxes.ts';
import { writeView } from './apply-view.ts';
import type { NormaliseTable } from './normalise.ts';
import type { PixelBuffers } from './pixel-buffers.ts';
import type { Batch, PictureWork, PlannedPicture, PreprocessorConfig, Target } from './types.ts';

/** One picture of a batch. */
export interface BatchItem extends PlannedPicture {
  readonly sampleId: string;
  /** Of the view. */
  readonly target: Target;
}

export interface CollateOptions {
  readonly work: PictureWork;
  readonly preprocessor: PreprocessorConfig;
  /** Where the memory comes from; new memory where left out. */
  readonly buffers?: Pick<PixelBuffers, 'take'> | undefined;
}

/** Views normalised and padded with zeros, at the right and below, to `size`, which holds each of them. */
export async function collate(
  items: readonly BatchItem[],
  size: Size,
  { work, preprocessor, buffers }: CollateOptions,
): Promise<Batch> {
  const length = items.length * size.h * size.w * 3;
  const pixels = buffers?.take(length) ?? new Float32Array(length);
  const pictures = items.map(({ image, plan }) => ({ image, plan }));
  return {
    sampleIds: items.map(({ sampleId }) => sampleId),
    size,
    pixelsNhwc: await work.collate(pictures, size, preprocessor, pixels),
    validSizes: items.map(({ plan }) => plan.size),
    targets: items.map(({ target }) => target),
  };
}

/** The pixels of it: `[B, size.h, size.w, 3]` f32, all of `pixels` written; returns it. */
export function collatePixels(
  pictures: readonly PlannedPicture[],
  size: Size,
  table: NormaliseTable,
  pixels: Float32Array,
): Float32Array {
  const stride = size.h * size.w * 3;
  pictures.forEach(({ image, plan }, i) => {
    writeView(image, plan, table, { pixels, offset: i * stride, padded: size });
    clearPadding(pixels.subarray(i * stride, (i + 1) * stride), plan.size, size);
  });
  return pixels;
}

function clearPadding(pixels: Float32Array, valid: Size, padded: Size): void {
  for (let y = 0; y < valid.h; y += 1) pixels.fill(0, (y * padded.w + valid.w) * 3, (y + 1) * padded.w * 3);
  pixels.fill(0, valid.h * padded.w * 3);
}
