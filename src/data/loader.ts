import type { Augment } from '../base/augment.ts';
import type { Size } from '../base/boxes.ts';
import { viewTarget } from './apply-view.ts';
import { bucketFor, shapeOf } from './buckets.ts';
import { type BatchItem, collate } from './collate.ts';
import { createEndlessBatches, type EndlessBatches } from './endless-batches.ts';
import { normaliseTable } from './normalise.ts';
import { createPictureSource, type PictureReading, samplesOfSplit } from './picture-source.ts';
import { resizedSize } from './resized-size.ts';
import type { Pick, SamplerState } from './sampler.ts';
import { trainingView } from './training-view.ts';
import { type LabelledBoxes, labelsOf, resizeBoxes } from './transforms.ts';
import type { Batch, Sample } from './types.ts';

export interface TrainLoaderOptions extends PictureReading {
  readonly split: string;
  /** Pictures a batch, always that many. */
  readonly batch: number;
  readonly seed: number;
  readonly augment: Augment;
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
  const { dataSet, preprocessor, seed, augment } = options;
  const samples = samplesOfSplit(dataSet, options.split);
  const picture = createPictureSource(options);
  const table = normaliseTable(preprocessor);
  const classes = new Map(dataSet.classes.map((name, id) => [name, id]));

  const load = async (pick: Pick): Promise<BatchItem | null> => {
    const sample = samples[pick.index] as Sample;
    const image = await picture(sample);
    if (image === null) return null;
    const labels = labelsOf(sample.objects, sample.size, classes);
    const onKept = boxesOn(image.size, labels);
    const plan = trainingView(augment, seed, pick.drawn, onKept, preprocessor, sample.size);
    // Fractions of the whole picture need not go by way of the kept one's pixels.
    const target = viewTarget(plan.crop === null ? labels : onKept, plan);
    return { sampleId: sample.id, image, plan, target };
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
        table,
      ),
  });
}

function boxesOn(kept: Size, labels: LabelledBoxes): LabelledBoxes {
  return kept.h === labels.size.h && kept.w === labels.size.w ? labels : resizeBoxes(labels, kept);
}
