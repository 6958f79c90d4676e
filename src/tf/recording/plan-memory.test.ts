import { expect, test } from 'vitest';
import { seededRandom } from '../../base/random.ts';
import { type Lifetime, planMemory } from './plan-memory.ts';

const life = (first: number, last: number, bytes: number): Lifetime => ({ first, last, bytes });

test('buffers that do not live at once share a block, and others do not', () => {
  const { blocks, places } = planMemory([[life(0, 1, 100), life(1, 2, 50), life(2, 3, 80), life(9, -1, 7)]]);
  expect(blocks).toEqual([100, 50]);
  expect(places).toEqual([[0, 1, 0, -1]]);
});

test('pieces of work of which one runs at a time share all blocks, so that the largest decides', () => {
  const large = [life(0, 1, 100), life(1, 2, 90)];
  const small = [life(0, 1, 10), life(0, 1, 20)];
  expect(planMemory([small, large]).blocks).toEqual([100, 90]);
});

test('no two buffers of one piece of work meet in a block, each fits, and little more is taken than lives at once', () => {
  const random = seededRandom(3);
  for (let round = 0; round < 20; round++) {
    const lifetimes = Array.from({ length: 200 }, () => {
      const first = random.below(300);
      return life(first, first + random.below(20), 256 * (1 + random.below(50)));
    });
    const { blocks, places } = planMemory([lifetimes]);
    for (const [a, one] of lifetimes.entries()) {
      expect(blocks[places[0]?.[a] ?? -1]).toBeGreaterThanOrEqual(one.bytes);
      for (const [b, other] of lifetimes.entries()) {
        if (b <= a || places[0]?.[a] !== places[0]?.[b]) continue;
        expect(one.last < other.first || other.last < one.first, `buffers ${a} and ${b}`).toBe(true);
      }
    }
    const needed = Math.max(
      ...Array.from({ length: 320 }, (_, at) =>
        lifetimes.reduce((sum, { first, last, bytes }) => (first <= at && at <= last ? sum + bytes : sum), 0),
      ),
    );
    expect(blocks.reduce((sum, bytes) => sum + bytes, 0) / needed).toBeLessThan(1.5);
  }
});
