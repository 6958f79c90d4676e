import { StudioError } from '../base/errors.ts';
import type { Shape } from './buckets.ts';
import { createSampler, type Pick, type SamplerState } from './sampler.ts';

export interface EndlessBatchesOptions<Item, Made> {
  /** Of the pictures of a split, in its order. */
  readonly shapes: readonly Shape[];
  /** Pictures a batch, always that many. */
  readonly batch: number;
  readonly seed: number;
  /** Go on from there, with the same pictures, batch and seed. */
  readonly state?: SamplerState;
  /** How many batches are prepared while the GPU works. */
  readonly readAhead?: number;
  /** Reads one picture; null where it cannot be used. */
  readonly load: (pick: Pick) => Promise<Item | null>;
  /** Makes a batch of pictures of one shape. */
  readonly make: (items: readonly Item[], shape: Shape) => Made | Promise<Made>;
}

/** Batches without an end. */
export interface EndlessBatches<Made> {
  /** Pictures in the split: one epoch is so many drawn. */
  readonly pictures: number;
  /** The next batch. Throws `bad-data-set` where no picture can be used, `cancelled` once closed. */
  next(): Promise<Made>;
  /** As of the next batch to be handed out, whatever has been read ahead: batches made with it go on with that one. */
  state(): SamplerState;
  /** Stops reading ahead. */
  close(): void;
}

interface Prepared<Made> {
  readonly made: Promise<Made>;
  readonly stateAfter: SamplerState;
}

const DEFAULT_READ_AHEAD = 3;

/**
 * Pictures of a split in seeded order, landscape and portrait never mixed, read ahead. The same settings give the same
 * batches, also across a stop and a start from `state()`. A picture that cannot be used is left out for good, and another
 * takes its place.
 */
export function createEndlessBatches<Item, Made>(options: EndlessBatchesOptions<Item, Made>): EndlessBatches<Made> {
  const { shapes, batch, seed, load, make, readAhead = DEFAULT_READ_AHEAD } = options;
  const sampler = createSampler(shapes, batch, seed, options.state);
  let state = sampler.state();
  let closed = false;

  const prepare = async (): Promise<Prepared<Made>> => {
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
      // Not waited for: the next batch is read while this one is made.
      const made = Promise.resolve(make(items, shape));
      made.catch(() => undefined);
      return { made, stateAfter: sampler.state() };
    }
  };

  // One batch after the other draws from the sampler, so that their order does not hang on which picture decodes first.
  const ahead: Promise<Prepared<Made>>[] = [];
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
    pictures: shapes.length,
    async next() {
      fill();
      const prepared = ahead.shift();
      if (closed || prepared === undefined) throw new StudioError('cancelled', 'Reading the data set was stopped.');
      const { made, stateAfter } = await prepared;
      const batchMade = await made;
      state = stateAfter;
      fill();
      return batchMade;
    },
    state: () => state,
    close() {
      closed = true;
      ahead.length = 0;
    },
  };
}
