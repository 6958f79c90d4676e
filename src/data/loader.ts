import { StudioError } from '../base/errors.ts';
import { bucketFor, shapeOf } from './buckets.ts';
import { type BatchItem, collate } from './collate.ts';
import { normaliseTable } from './normalise.ts';
import { createPictureSource, type PictureReading, samplesOfSplit } from './picture-source.ts';
import { resizedSize } from './resized-size.ts';
import { createSampler, flipOf, type Pick, type SamplerState } from './sampler.ts';
import { targetOf } from './transforms.ts';
import type { Batch, Sample } from './types.ts';

export interface TrainLoaderOptions extends PictureReading {
  readonly split: string;
  /** Pictures a batch, always that many. */
  readonly batch: number;
  readonly seed: number;
  /** Mirror half of the pictures. */
  readonly flip: boolean;
  /** Go on from there, with the same data set, split, batch and seed. */
  readonly state?: SamplerState;
  /** How many batches are prepared while the GPU works. */
  readonly readAhead?: number;
}

/** Endless batches to train on. */
export interface TrainLoader {
  /** Pictures in the split: one epoch is so many drawn. */
  readonly pictures: number;
  /** The next batch. Throws `bad-data-set` where no picture can be used, `cancelled` once closed. */
  next(): Promise<Batch>;
  /** As of the next batch to be handed out, whatever has been read ahead: a loader made with it gives that batch next. */
  state(): SamplerState;
  /** Stops reading ahead. */
  close(): void;
}

interface Prepared {
  readonly batch: Batch;
  readonly stateAfter: SamplerState;
}

const DEFAULT_READ_AHEAD = 3;

/**
 * Batches of a split in seeded order, each padded to one of a few sizes, landscape and portrait never mixed. The same
 * settings give the same batches, pixel for pixel, also across a stop and a start from `state()`. A picture that cannot be
 * decoded is reported, left out for good, and another takes its place.
 */
export function createTrainLoader(options: TrainLoaderOptions): TrainLoader {
  const { dataSet, preprocessor, batch, seed, flip, readAhead = DEFAULT_READ_AHEAD } = options;
  const samples = samplesOfSplit(dataSet, options.split);
  const shapes = samples.map(({ size }) => shapeOf(resizedSize(size, preprocessor)));
  const sampler = createSampler(shapes, batch, seed, options.state);
  const picture = createPictureSource(options);
  const table = normaliseTable(preprocessor);
  const classes = new Map(dataSet.classes.map((name, id) => [name, id]));
  let state = sampler.state();
  let closed = false;

  const load = async (pick: Pick): Promise<BatchItem | null> => {
    const sample = samples[pick.index] as Sample;
    const image = await picture(sample);
    if (image === null) return null;
    const mirrored = flip && flipOf(seed, pick);
    const target = targetOf(sample.objects, sample.size, classes, mirrored);
    return { sampleId: sample.id, image, target, flip: mirrored };
  };

  const prepare = async (): Promise<Prepared> => {
    for (;;) {
      if (closed) throw new StudioError('cancelled', 'Reading the data set was stopped.');
      const { shape, picks } = sampler.next();
      const loaded = await Promise.all(picks.map(load));
      const items = loaded.filter((item) => item !== null);
      picks.forEach((pick, i) => {
        if (loaded[i] === null) sampler.exclude(pick.index);
      });
      while (items.length < batch) {
        const pick = sampler.replacement(shape);
        if (pick === null) break;
        const item = await load(pick);
        if (item === null) sampler.exclude(pick.index);
        else items.push(item);
      }
      // Not one picture of this shape is left: the other shape, or the sampler's error, comes next.
      if (items.length < batch) continue;
      const size = bucketFor(
        items.map(({ image }) => image.size),
        shape,
        preprocessor,
      );
      return { batch: collate(items, size, table), stateAfter: sampler.state() };
    }
  };

  // One batch after the other draws from the sampler, so that their order does not hang on which picture decodes first.
  const ahead: Promise<Prepared>[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const fill = (): void => {
    while (!closed && ahead.length < Math.max(1, readAhead)) {
      const prepared = last.then(prepare);
      // Whoever takes the batch hears of the failure; until then it is not unhandled.
      prepared.catch(() => undefined);
      last = prepared;
      ahead.push(prepared);
    }
  };

  return {
    pictures: samples.length,
    async next() {
      fill();
      const prepared = ahead.shift();
      if (closed || prepared === undefined) throw new StudioError('cancelled', 'Reading the data set was stopped.');
      const { batch: handedOut, stateAfter } = await prepared;
      state = stateAfter;
      fill();
      return handedOut;
    },
    state: () => state,
    close() {
      closed = true;
      ahead.length = 0;
    },
  };
}
