import { appendTo } from '../base/append-to.ts';
import type { Size } from '../base/boxes.ts';
import { StudioError } from '../base/errors.ts';
import { type BatchItem, type CollateOptions, collate } from '../data/collate.ts';
import type { DetrForObjectDetection } from '../detr/model.ts';
import { packHalf } from '../kernels/half.ts';
import { releasePool, tf } from '../tf/index.ts';
import type { HalfTokens } from './kept-features.ts';
import type { FrozenStage, PixelBatch } from './step-inputs.ts';

/** A picture as pixels, and the padded size in which its features are computed. */
export interface PaddedPicture {
  readonly item: BatchItem;
  readonly bucket: Size;
}

/**
 * What the frozen part of a model gives for each picture, with one readback a group: pictures of one padded size are
 * computed together. In groups of 1, 2, 4, ... pictures, so that few sizes of buffers occur. Throws `non-finite`.
 */
export async function computeFeatures(
  model: DetrForObjectDetection,
  stage: FrozenStage,
  pictures: readonly PaddedPicture[],
  reading: CollateOptions,
): Promise<HalfTokens[]> {
  const computed = new Map<PaddedPicture, HalfTokens>();
  for (const group of groups(pictures)) {
    const tokens = await featuresOf(model, stage, group, reading);
    for (const [i, picture] of group.entries()) computed.set(picture, tokens[i] as HalfTokens);
  }
  return pictures.map((picture) => computed.get(picture) as HalfTokens);
}

async function featuresOf(
  model: DetrForObjectDetection,
  stage: FrozenStage,
  group: readonly PaddedPicture[],
  reading: CollateOptions,
): Promise<HalfTokens[]> {
  const { h, w } = (group[0] as PaddedPicture).bucket;
  const items = group.map(({ item }) => item);
  const words = await halfTokens(model, stage, await collate(items, { h, w }, reading));
  const length = words.length / group.length;
  return items.map(({ sampleId }, i) => {
    const tokens = Int32Array.from(words.subarray(i * length, (i + 1) * length));
    if (tokens.some(isNotFinite)) throw notFinite(sampleId);
    return tokens;
  });
}

/** The tokens of all pictures of a batch, one after the other, as f16, two a word. */
export async function halfTokens(
  model: DetrForObjectDetection,
  stage: FrozenStage,
  { pixelsNhwc, size: { h, w }, validSizes }: PixelBatch,
): Promise<HalfTokens> {
  const pixels = tf.tensor4d(pixelsNhwc, [validSizes.length, h, w, 3]);
  const prepared = model.prepare(pixels, validSizes, { stage });
  const packed = packHalf(prepared.features);
  prepared.dispose();
  pixels.dispose();
  const words = Int32Array.from(await packed.data<'int32'>().finally(() => packed.dispose()));
  // Once most features are kept, none of it is wanted again.
  releasePool();
  return words;
}

function groups(pictures: readonly PaddedPicture[]): PaddedPicture[][] {
  const bySize = new Map<string, PaddedPicture[]>();
  for (const picture of pictures) {
    const key = `${picture.bucket.h}x${picture.bucket.w}`;
    appendTo(bySize, key, picture);
  }
  return [...bySize.values()].flatMap((same) => {
    const cut: PaddedPicture[][] = [];
    for (let i = 0; i < same.length; ) {
      const length = 2 ** Math.floor(Math.log2(same.length - i));
      cut.push(same.slice(i, i + length));
      i += length;
    }
    return cut;
  });
}

/** Of the two f16 in a word: an exponent of ones alone is infinity or NaN. */
function isNotFinite(word: number): boolean {
  return (word & 0x7c00) === 0x7c00 || (word & 0x7c000000) === 0x7c000000;
}

function notFinite(sampleId: string): StudioError {
  return new StudioError(
    'non-finite',
    `The frozen part of the model gives NaN or infinity for the picture "${sampleId}"; take other weights, or train without freezing.`,
    { sampleId },
  );
}
