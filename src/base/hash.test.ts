import { expect, test } from 'vitest';
import { hash32 } from './hash.ts';

test('hash32 is MurmurHash3_x86_32 of three little-endian words', () => {
  // Reference values of the public algorithm: twelve zero bytes with seed 0, and their variation with seed and words.
  expect(hash32(0, 0, 0, 0)).toBe(murmur3([0, 0, 0], 0));
  expect(hash32(7, 1, 2, 0xffffffff)).toBe(murmur3([1, 2, 0xffffffff], 7));
});

test('bits of neighbouring counters are even and unrelated', () => {
  const n = 20_000;
  let ones = 0;
  let equalToNext = 0;
  for (let i = 0; i < n; i += 1) {
    const bit = hash32(3, i) & 1;
    ones += bit;
    if (bit === (hash32(3, i + 1) & 1)) equalToNext += 1;
  }
  // Four deviations of a fair coin's count: sqrt(n) / 2 * 4.
  expect(Math.abs(ones - n / 2)).toBeLessThan(283);
  expect(Math.abs(equalToNext - n / 2)).toBeLessThan(283);
});

/** The same algorithm in exact big integers. */
function murmur3(words: readonly number[], seed: number): number {
  const mask = 0xffffffffn;
  const rotate = (x: bigint, r: bigint) => ((x << r) | (x >> (32n - r))) & mask;
  let h = BigInt(seed);
  for (const word of words) {
    const k = (rotate((BigInt(word) * 0xcc9e2d51n) & mask, 15n) * 0x1b873593n) & mask;
    h = (rotate(h ^ k, 13n) * 5n + 0xe6546b64n) & mask;
  }
  h ^= BigInt(words.length * 4);
  h = ((h ^ (h >> 16n)) * 0x85ebca6bn) & mask;
  h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) & mask;
  return Number(h ^ (h >> 16n));
}
