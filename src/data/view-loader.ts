import type { Size } from '../base/boxes.ts';
import { viewTarget } from './apply-view.ts';
import { bucketFor, shapeOf } from './buckets.ts';
import type { BatchItem } from './collate.ts';
import { createEndlessBatches, type EndlessBatches } from './endless-batches.ts';
import { frozenView } from './frozen-view.ts';
import { createDecodedSource, type PictureReading, samplesOfSplit } from './picture-source.ts';
import { refuseThin } from './preprocess.ts';
import { resizedSize } from './resized-size.ts';
import { type Pick as Draw, type SamplerState, viewNumberOf } from './sampler.ts';
import { labelsOf } from './transforms.ts';
import type { Sample, Target } from './types.ts';

export interface ViewLoaderOptions<Kept>
  extends Pick<PictureReading, 'dataSet' | 'decode' | 'preprocessor' | 'onProblem'> {
  readonly split: string;
  /** Pictures a batch, always that many. */
  readonly batch: number;
  readonly seed: number;
  /** How many views a picture has. */
  readonly views: number;
  /** Go on from there, with the same data set, split, batch and seed. */
  readonly state?: SamplerState;
  /** What is kept of a view; null where nothing is. */
  readonly kept: (key: string) => Promise<Kept | null>;
}

/** One view of a picture that was drawn. */
export interface DrawnView<Kept> {
  /** Names the view among all of the data set. */
  readonly key: string;
  /** The size to which the picture is resized. */
  readonly size: Size;
  /** The padded size that it has by itself. */
  readonly bucket: Size;
  readonly target: Target;
  /** What is kept of it, or else its pixels. */
  readonly shown: { readonly kept: Kept } | { readonly item: BatchItem };
}

/** Views of one shape, and the padded size that holds them all. */
export interface ViewBatch<Kept> {
  readonly views: readonly DrawnView<Kept>[];
  readonly size: Size;
}

/**
 * Endless batches of views, a few of each picture, in seeded order. A view of which something is kept is not decoded;
 * another is left out, as by `createTrainLoader`, where its picture cannot be used.
 */
export function createViewLoader<Kept>(options: ViewLoaderOptions<Kept>): EndlessBatches<ViewBatch<Kept>> {
  const { dataSet, preprocessor, seed, views } = options;
  const samples = samplesOfSplit(dataSet, options.split);
  const decoded = createDecodedSource(options);
  const classes = new Map(dataSet.classes.map((name, id) => [name, id]));

  const load = async (draw: Draw): Promise<DrawnView<Kept> | null> => {
    const sample = samples[draw.index] as Sample;
    const view = viewNumberOf(seed, draw.drawn, views);
    const key = viewKey(sample.id, view);
    const labels = labelsOf(sample.objects, sample.size, classes);
    const plan = frozenView(seed, sample.id, view, labels, preprocessor);
    const target = viewTarget(labels, plan);
    const place = { key, size: plan.size, bucket: bucketFor([plan.size], shapeOf(plan.size), preprocessor), target };
    const kept = await options.kept(key);
    if (kept !== null) return { ...place, shown: { kept } };
    const image = await decoded(sample, (whole) => {
      refuseThin(whole.size, preprocessor);
      return whole;
    });
    return image && { ...place, shown: { item: { sampleId: sample.id, image, plan, target } } };
  };

  return createEndlessBatches({
    ...options,
    shapes: samples.map(({ size }) => shapeOf(resizedSize(size, preprocessor))),
    load,
    make: (drawn, shape) => ({
      views: drawn,
      size: bucketFor(
        drawn.map(({ size }) => size),
        shape,
        preprocessor,
      ),
    }),
  });
}

/** The padded size of each picture of a split by itself. */
export function ownBuckets(
  { dataSet, preprocessor }: Pick<PictureReading, 'dataSet' | 'preprocessor'>,
  split: string,
): Size[] {
  return samplesOfSplit(dataSet, split).map((sample) => {
    const size = resizedSize(sample.size, preprocessor);
    return bucketFor([size], shapeOf(size), preprocessor);
  });
}

/** A view number has no slash in it, so that no two views have one name. */
function viewKey(sampleId: string, view: number): string {
  return `${view}/${sampleId}`;
}
