import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** Where a generator stands: plain JSON, for saving with a run and going on from there. */
export type RandomState = readonly number[];

/** A source of seeded random numbers: the same seed gives the same numbers on every machine. */
export interface Random {
  /** A double in [0, 1), of 53 random bits. */
  uniform(): number;
  /** A whole number in [0, n), each equally likely. Throws RangeError where n is not a whole number in 1..2^32. */
  below(n: number): number;
  /** A draw from the normal distribution of mean 0 and deviation 1; its last bit is the platform's own logarithm and cosine. */
  normal(): number;
  /** A new array of the same items in random order. */
  shuffle<T>(items: readonly T[]): T[];
  state(): RandomState;
}

/** A generator (xoroshiro128+, Blackman and Vigna 2018, of pure-rand) from a 32-bit seed. */
export function seededRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  // Small seeds leave its first outputs alike: https://prng.di.unimi.it asks for a well-mixed state.
  for (let i = 0; i < 16; i += 1) generator.next();
  return randomFrom(generator);
}

/** A generator that goes on from a saved state. Throws TypeError where it is not four 32-bit integers, not all zero. */
export function restoredRandom(state: RandomState): Random {
  if (
    state.length !== 4 ||
    !state.every((word) => Number.isInteger(word) && word === (word | 0)) ||
    !state.some(Boolean)
  ) {
    throw new TypeError(`A random state is four 32-bit integers that are not all zero, not ${JSON.stringify(state)}.`);
  }
  return randomFrom(xoroshiro128plusFromState(state));
}

interface Generator {
  /** A signed 32-bit integer. */
  next(): number;
  getState(): readonly number[];
}

function randomFrom(generator: Generator): Random {
  const uniform = (): number => {
    const high = generator.next() >>> 5; // 27 bits
    const low = generator.next() >>> 6; // 26 bits
    return (high * 2 ** 26 + low) / 2 ** 53;
  };

  const below = (n: number): number => {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) {
      throw new RangeError(`A random whole number needs a bound from 1 to 2^32, not ${n}.`);
    }
    // Draws past the last whole multiple of n would make small numbers likelier: draw again.
    const limit = 2 ** 32 - (2 ** 32 % n);
    for (;;) {
      const draw = generator.next() >>> 0;
      if (draw < limit) return draw % n;
    }
  };

  return {
    uniform,
    below,
    // Box and Muller 1958; the second value of the pair is not kept, so that the state is the generator's alone.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    // Fisher and Yates, from the end.
    shuffle: (items) => {
      const order = [...items];
      for (let last = order.length - 1; last > 0; last -= 1) {
        const other = below(last + 1);
        const held = order[last] as (typeof order)[number];
        order[last] = order[other] as (typeof order)[number];
        order[other] = held;
      }
      return order;
    },
    state: () => [...generator.getState()],
  };
}
