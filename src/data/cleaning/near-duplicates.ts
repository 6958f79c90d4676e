import type { Look } from './types.ts';

/**
 * Pictures whose looks differ in no more bits, of 256, are taken for the same. Measured on photographs and drawings: see
 * docs/data.md.
 */
export const NEAR_BITS = 60;

/** A pair of pictures that look alike, by their places in the list; `a` comes before `b`. */
export interface AlikePair {
  readonly a: number;
  readonly b: number;
  /** Bits in which they differ. */
  readonly distance: number;
}

const WORDS = 8;

/** All pairs of looks that differ in at most so many bits. Every look is compared with every other: 17,125 take some seconds. */
export function alikePairs(looks: readonly Look[], mostBits = NEAR_BITS): AlikePair[] {
  const words = new Uint32Array(looks.length * WORDS);
  looks.forEach((look, i) => {
    for (let k = 0; k < WORDS; k += 1) words[i * WORDS + k] = Number.parseInt(look.slice(k * 8, k * 8 + 8), 16);
  });
  const pairs: AlikePair[] = [];
  for (let a = 0; a < looks.length; a += 1) {
    const from = a * WORDS;
    for (let b = a + 1; b < looks.length; b += 1) {
      const to = b * WORDS;
      let distance = 0;
      for (let k = 0; k < WORDS && distance <= mostBits; k += 1) {
        distance += bitsOf((words[from + k] as number) ^ (words[to + k] as number));
      }
      if (distance <= mostBits) pairs.push({ a, b, distance });
    }
  }
  return pairs;
}

/** How many bits of a 32-bit number are set. */
function bitsOf(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
