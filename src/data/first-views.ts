import { cxcywhToXyxy, type Size } from '../base/boxes.ts';
import { applyPixels } from './apply-view.ts';
import { shapeOf } from './buckets.ts';
import { drawnView } from './drawn-view.ts';
import { createPictureCache } from './picture-cache.ts';
import { createPictureSource, samplesOfSplit } from './picture-source.ts';
import { longestEdgeFor, resizedSize } from './resized-size.ts';
import { createSampler } from './sampler.ts';
import type { DataSet, DecodeImage, FirstViewsRequest, RgbImage, Sample, SeenBox, SeenView, Target } from './types.ts';

export interface FirstViewsPorts<Picture> {
  readonly decode: DecodeImage;
  /** A picture as it can be shown. */
  readonly encode: (image: RgbImage) => Promise<Picture>;
}

/**
 * The first views that a run with these settings would draw, made as training makes them. Pictures that cannot be decoded
 * are left out, and others come in their place. Throws `not-found` for a split that the set lacks, `bad-data-set` where it
 * has no picture that can be used.
 */
export async function firstViews<Picture>(
  dataSet: DataSet,
  { split, count, augment, size, seed }: FirstViewsRequest,
  { decode, encode }: FirstViewsPorts<Picture>,
): Promise<SeenView<Picture>[]> {
  const samples = samplesOfSplit(dataSet, split);
  const preprocessor = { ...NOT_NORMALISED, shortestEdge: size, longestEdge: longestEdgeFor(size) };
  const classes = new Map(dataSet.classes.map((name, id) => [name, id]));
  const shapes = samples.map((sample) => shapeOf(resizedSize(sample.size, preprocessor)));
  const sampler = createSampler(shapes, 1, seed);
  const picture = createPictureSource({
    ...{ dataSet, decode, preprocessor, cache: createPictureCache(CACHE_BYTES) },
    onProblem: () => undefined,
  });
  const views: SeenView<Picture>[] = [];
  while (views.length < count) {
    for (const { index, drawn } of sampler.next().picks) {
      const sample = samples[index] as Sample;
      const kept = await picture(sample);
      if (kept === null) {
        sampler.exclude(index);
        continue;
      }
      const { plan, target } = drawnView(sample, kept.size, drawn, { augment, seed, preprocessor, classes });
      const image = applyPixels(kept, plan);
      views.push({
        sampleId: sample.id,
        drawn,
        picture: await encode(image),
        size: image.size,
        boxes: seenBoxes(target, image.size),
      });
    }
  }
  return views;
}

const CACHE_BYTES = 64 * 2 ** 20;
/** The pixels are for a person to look at. */
export const NOT_NORMALISED = { imageMean: [0, 0, 0], imageStd: [1, 1, 1] } as const;

/** What a view teaches, in pixels of it. */
export function seenBoxes({ classIds, boxesCxcywhNorm }: Target, { h, w }: Size): SeenBox[] {
  return [...classIds].map((classId, i) => {
    const [cx = 0, cy = 0, bw = 0, bh = 0] = boxesCxcywhNorm.subarray(i * 4, i * 4 + 4);
    return { classId, boxXyxyPx: cxcywhToXyxy([cx * w, cy * h, bw * w, bh * h]) };
  });
}
