import type { Size } from '../base/boxes.ts';
import type { EndlessBatches } from '../data/endless-batches.ts';
import type { PictureReading } from '../data/picture-source.ts';
import { pictureWorkHere } from '../data/picture-work.ts';
import { createViewLoader, type DrawnView, type ViewBatch, type ViewLoaderOptions } from '../data/view-loader.ts';
import { type DetrForObjectDetection, featureGrid } from '../detr/model.ts';
import { computeFeatures } from './compute-features.ts';
import type { HalfTokens, KeptFeatures } from './kept-features.ts';
import type { FeatureBatch, FrozenStage } from './step-inputs.ts';

export interface FrozenBatchesOptions
  extends Omit<ViewLoaderOptions<HalfTokens>, 'kept'>,
    Pick<PictureReading, 'work'> {
  readonly model: DetrForObjectDetection;
  readonly stage: FrozenStage;
  readonly kept: Promise<KeptFeatures>;
  /** Told after features of so many views were computed. */
  readonly onComputed: (views: number) => void;
}

/**
 * Endless batches of features: those of a view are computed when it is drawn for the first time, each at the padded size that
 * its picture has by itself, and kept. Throws as `createViewLoader` and `computeFeatures`.
 */
export function createFrozenBatches(options: FrozenBatchesOptions): EndlessBatches<FeatureBatch> {
  const { model, stage, kept, preprocessor, work = pictureWorkHere(options.decode) } = options;
  const loader = createViewLoader({ ...options, kept: async (key) => (await kept).get(key) });

  /** Features of all views, by key; those that nothing is kept of are computed together. */
  const tokensOf = async (views: readonly DrawnView<HalfTokens>[]): Promise<Map<string, HalfTokens>> => {
    const features = await kept;
    const tokens = new Map<string, HalfTokens>();
    const missing = new Map<string, Parameters<typeof computeFeatures>[2][number]>();
    for (const { key, bucket, shown } of views) {
      // Computed meanwhile: the view was drawn twice within what is read ahead.
      const held = 'kept' in shown ? shown.kept : features.held(key);
      if (held !== null) tokens.set(key, held);
      else if ('item' in shown) missing.set(key, { item: shown.item, bucket });
    }
    if (missing.size === 0) return tokens;
    const computed = await computeFeatures(model, stage, [...missing.values()], { work, preprocessor });
    const fresh = new Map([...missing.keys()].map((key, i) => [key, computed[i] as HalfTokens]));
    options.onComputed(fresh.size);
    await features.put(fresh);
    return new Map([...tokens, ...fresh]);
  };

  const batchOf = async ({ views, size }: ViewBatch<HalfTokens>): Promise<FeatureBatch> => {
    const tokens = await tokensOf(views);
    const { dilation, dModel } = model.config;
    const grid = featureGrid(size, dilation);
    const tokensHalf = new Int32Array((views.length * grid.h * grid.w * dModel) / 2);
    for (const [i, { key, bucket }] of views.entries()) {
      const place = { grid, at: (i * tokensHalf.length) / views.length, words: dModel / 2 };
      putOnGrid(tokensHalf, place, tokens.get(key) as HalfTokens, featureGrid(bucket, dilation));
    }
    return {
      stage,
      size,
      validSizes: views.map((view) => view.size),
      tokensHalf,
      targets: views.map(({ target }) => target),
    };
  };

  return {
    ...loader,
    next: async () => batchOf(await loader.next()),
  };
}

/** Writes tokens of a smaller grid into the top left corner of a picture's part of a batch. */
function putOnGrid(
  batch: Int32Array,
  { grid, at, words }: { readonly grid: Size; readonly at: number; readonly words: number },
  tokens: HalfTokens,
  own: Size,
): void {
  for (let y = 0; y < own.h; y++) {
    batch.set(tokens.subarray(y * own.w * words, (y + 1) * own.w * words), at + y * grid.w * words);
  }
}

/** What the features of one view of each of these padded sizes take, in bytes. */
export function featureBytes(
  buckets: readonly Size[],
  { dModel, dilation }: { readonly dModel: number; readonly dilation: boolean },
): number {
  return buckets.reduce((sum, bucket) => {
    const grid = featureGrid(bucket, dilation);
    return sum + grid.h * grid.w * dModel * 2;
  }, 0);
}
