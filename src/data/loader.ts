import type { Augment } from '../base/augment.ts';
import { bucketFor, shapeOf } from './buckets.ts';
import { type BatchItem, collate } from './collate.ts';
import { drawnView } from './drawn-view.ts';
import { createEndlessBatches, type EndlessBatches } from './endless-batches.ts';
import { createPictureSource, type PictureReading, samplesOfSplit } from './picture-source.ts';
import { pictureWorkHere } from './picture-work.ts';
import type { PixelBuffers } from './pixel-buffers.ts';
import { resizedSize } from './resized-size.ts';
import type { Pick, SamplerState } from './sampler.ts';
import type { Batch, Sample } from './types.ts';

export interface TrainLoaderOptions extends PictureReading {
  readonly split: string;
  /** Pictures a batch, always that many. */
  readonly batch: number;
  readonly seed: number;
  readonly augment: Augment;
  /** Where batches that were used give their memory back, if they do. */
  readonly buffers?: PixelBuffers;
  /** Go on from there, with the same data set, split, batch and seed. */
  readonly state?: SamplerState;
  /** How many batches are prepared while the GPU works. */
  readonly readAhead?: number;
}

/**
 * Endless batches to train on, in seeded order, each padded to one of a few sizes, landscape and portrait never mixed. The
 * same settings give the same batches, pixel for pixel, also across a stop and a start from `state()`. A picture that cannot
 * be decoded is reported, left out for good, and another takes its place.
 */
export function createTrainLoader(options: TrainLoaderOptions): EndlessBatches<Batch> {
  const { dataSet, preprocessor, work = pictureWorkHere(options.decode) } = options;
  const samples = samplesOfSplit(dataSet, options.split);
  const picture = createPictureSource(options);
  const drawing = { ...options, classes: new Map(dataSet.classes.map((name, id) => [name, id])) };

  const load = async (pick: Pick): Promise<BatchItem | null> => {
    const sample = samples[pick.index] as Sample;
    const image = await picture(sample);
    if (image === null) return null;
    return { sampleId: sample.id, image, ...drawnView(sample, image.size, pick.drawn, drawing) };
  };

  return createEndlessBatches({
    ...options,
    shapes: samples.map(({ size }) => shapeOf(resizedSize(size, preprocessor))),
    load,
    make: (items, shape) =>
      collate(
        items,
        bucketFor(
          items.map(({ plan }) => plan.size),
          shape,
          preprocessor,
        ),
        { ...options, work },
      ),
  });
}
