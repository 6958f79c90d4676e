import { z } from 'zod';
import { StudioError } from '../base/errors.ts';
import { hash32 } from '../base/hash.ts';
import { seededRandom } from '../base/random.ts';
import type { Shape } from './buckets.ts';

/** One picture of a batch to come. */
export interface Pick {
  /** Index into the split. */
  readonly index: number;
  /** How many pictures were drawn before this one since the run began: what its own random choices are made from. */
  readonly drawn: number;
}

const pickSchema = z.object({ index: z.int().nonnegative(), drawn: z.int().nonnegative() });
const stateSchema = z.object({
  pictures: z.int().positive(),
  seed: z.int(),
  /** Passes begun, and how many pictures of the last one have been drawn. */
  epoch: z.int().nonnegative(),
  position: z.int().nonnegative(),
  drawn: z.int().nonnegative(),
  waiting: z.object({ landscape: z.array(pickSchema), portrait: z.array(pickSchema) }),
  excluded: z.array(z.int().nonnegative()),
});

/** Where a sampler stands: plain JSON. */
export type SamplerState = z.infer<typeof stateSchema>;

/** Two different uses of a run's seed must not give the same numbers. */
export const SeedUse = { order: 1, flip: 2, view: 3, frozenView: 4 } as const;

/** An endless, seeded order of a split's pictures in full batches of one shape each. */
export interface Sampler {
  /** The next batch of `batch` pictures. Throws `bad-data-set` where every picture was excluded. */
  next(): { readonly shape: Shape; readonly picks: readonly Pick[] };
  /** One more picture of that shape, instead of one that cannot be used; null where none is left. */
  replacement(shape: Shape): Pick | null;
  /** Never draws that picture again. */
  exclude(index: number): void;
  state(): SamplerState;
}

/**
 * A sampler over pictures of these shapes. Each epoch is a new permutation of all; pictures wait by shape until a batch is
 * full, over the end of an epoch too, so that none is dropped and no batch is short; a batch may be larger than the split.
 * With a state of the same split it goes on as if it had never stopped; throws `bad-data-set` where the state is another's.
 */
export function createSampler(shapes: readonly Shape[], batch: number, seed: number, from?: SamplerState): Sampler {
  const state = from === undefined ? startState(shapes.length, seed) : checkState(from, shapes.length, seed);
  const waiting = { landscape: [...state.waiting.landscape], portrait: [...state.waiting.portrait] };
  const excluded = new Set(state.excluded);
  let { epoch, position, drawn } = state;
  let order = permutation(shapes.length, seed, epoch);

  /** Moves one picture of the permutation to the pictures that wait; false where every one is excluded. */
  const draw = (): boolean => {
    if (excluded.size >= shapes.length) return false;
    for (;;) {
      if (position >= order.length) {
        epoch += 1;
        position = 0;
        order = permutation(shapes.length, seed, epoch);
      }
      const index = order[position] as number;
      position += 1;
      if (excluded.has(index)) continue;
      waiting[shapes[index] as Shape].push({ index, drawn });
      drawn += 1;
      return true;
    }
  };

  return {
    next() {
      for (;;) {
        const shape = (['landscape', 'portrait'] as const).find((s) => waiting[s].length >= batch);
        if (shape !== undefined) return { shape, picks: waiting[shape].splice(0, batch) };
        if (!draw()) {
          throw new StudioError('bad-data-set', 'None of the pictures to train on can be decoded; mend the data set.');
        }
      }
    },
    replacement(shape) {
      if (!shapes.some((s, index) => s === shape && !excluded.has(index))) return null;
      while (waiting[shape].length === 0) draw();
      return waiting[shape].shift() ?? null;
    },
    exclude(index) {
      excluded.add(index);
      for (const shape of ['landscape', 'portrait'] as const) {
        waiting[shape] = waiting[shape].filter((pick) => pick.index !== index);
      }
    },
    state: () => ({
      pictures: shapes.length,
      seed,
      epoch,
      position,
      drawn,
      waiting: { landscape: [...waiting.landscape], portrait: [...waiting.portrait] },
      excluded: [...excluded].sort((a, b) => a - b),
    }),
  };
}

/** Whether a drawn picture is mirrored: a fair coin of the seed and how many were drawn before. */
export function flipOf(seed: number, drawn: number): boolean {
  return (hash32(seed, SeedUse.flip, drawn) & 1) === 1;
}

/** Reads a state from a saved run's JSON. Throws `bad-config` where it is none. */
export function parseSamplerState(json: unknown): SamplerState {
  const parsed = stateSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const message = `The saved place in the data set is damaged (${z.prettifyError(parsed.error)}); start a new run.`;
  throw new StudioError('bad-config', message);
}

function permutation(n: number, seed: number, epoch: number): number[] {
  return seededRandom(hash32(seed, SeedUse.order, epoch)).shuffle(Array.from({ length: n }, (_, i) => i));
}

function startState(pictures: number, seed: number): SamplerState {
  if (pictures === 0)
    throw new StudioError('bad-data-set', 'There is no picture to train on; give a data set with a train split.');
  return { pictures, seed, epoch: 0, position: 0, drawn: 0, waiting: { landscape: [], portrait: [] }, excluded: [] };
}

function checkState(from: SamplerState, pictures: number, seed: number): SamplerState {
  const state = parseSamplerState(from);
  const indices = [...state.waiting.landscape, ...state.waiting.portrait].map(({ index }) => index);
  if (state.pictures !== pictures || state.seed !== seed || indices.some((index) => index >= pictures)) {
    const message = `The run was made on ${state.pictures} pictures with seed ${state.seed}, now there are ${pictures} and seed ${seed}; go on with the same data set.`;
    throw new StudioError('bad-data-set', message);
  }
  return state;
}
