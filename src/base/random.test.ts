import { describe, expect, it } from 'vitest';
import { restoredRandom, seededRandom } from './random.ts';

const draws = (count: number, draw: () => number): number[] => Array.from({ length: count }, draw);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('seededRandom', () => {
  it('gives the same numbers for the same seed, and others for its neighbours', () => {
    const first = draws(8, seededRandom(7).uniform);
    expect(draws(8, seededRandom(7).uniform)).toEqual(first);
    for (const seed of [0, 6, 8, -7]) expect(draws(8, seededRandom(seed).uniform)).not.toEqual(first);
  });

  it('gives these very numbers: runs that were saved before must go on as they would have', () => {
    const random = seededRandom(42);
    expect([random.below(1000), random.below(1000), random.below(1000)]).toMatchInlineSnapshot(`
      [
        694,
        544,
        84,
      ]
    `);
    expect(random.state()).toMatchInlineSnapshot(`
      [
        -1646697953,
        821956305,
        -320175777,
        1505575827,
      ]
    `);
  });

  it('spreads the first draw of neighbouring seeds over the whole range', () => {
    const firsts = Array.from({ length: 1000 }, (_, seed) => seededRandom(seed).uniform());
    expect(mean(firsts)).toBeCloseTo(0.5, 1);
    expect(new Set(firsts.map((value) => Math.floor(value * 20))).size).toBe(20);
  });

  it('draws uniform doubles in [0, 1) with mean 1/2 and variance 1/12', () => {
    const values = draws(20_000, seededRandom(1).uniform);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(mean(values)).toBeCloseTo(0.5, 2);
    expect(mean(values.map((value) => (value - 0.5) ** 2))).toBeCloseTo(1 / 12, 2);
  });

  it('draws each whole number below n about equally often', () => {
    const random = seededRandom(2);
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 14_000; i += 1) {
      const value = random.below(7);
      counts[value] = (counts[value] ?? Number.NaN) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
    const n = 3 * 2 ** 30; // taken by remainder alone, a third of these would come twice as often
    const low = draws(3000, () => random.below(n)).filter((value) => value < n / 3).length;
    expect(Math.abs(low - 1000)).toBeLessThan(150);
    expect(random.below(1)).toBe(0);
    expect(random.below(2 ** 32)).toBeLessThan(2 ** 32);
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 32 + 1])('refuses the bound %s', (bound) => {
    expect(() => seededRandom(0).below(bound)).toThrow(RangeError);
  });

  it('draws normal numbers of mean 0 and deviation 1, with tails', () => {
    const values = draws(20_000, seededRandom(3).normal);
    expect(mean(values)).toBeCloseTo(0, 1);
    expect(mean(values.map((value) => value ** 2))).toBeCloseTo(1, 1);
    const beyondTwo = values.filter((value) => Math.abs(value) > 2).length / values.length;
    expect(beyondTwo).toBeCloseTo(0.0455, 2);
    expect(values.every(Number.isFinite)).toBe(true);
  });

  it('shuffles into every order about equally often and leaves the given array alone', () => {
    const random = seededRandom(4);
    const items = ['a', 'b', 'c'];
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i += 1) {
      const order = random.shuffle(items).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(items).toEqual(['a', 'b', 'c']);
    expect([...counts.keys()].sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

describe('restoredRandom', () => {
  it('goes on where a state was saved, through JSON', () => {
    const random = seededRandom(5);
    random.normal();
    const saved = JSON.parse(JSON.stringify(random.state()));
    const next = [random.uniform(), random.below(100), random.normal(), ...random.shuffle([1, 2, 3, 4, 5])];
    const restored = restoredRandom(saved);
    expect([restored.uniform(), restored.below(100), restored.normal(), ...restored.shuffle([1, 2, 3, 4, 5])]).toEqual(
      next,
    );
  });

  it.each([[[]], [[1, 2, 3]], [[0, 0, 0, 0]], [[1, 2, 3, 0.5]], [[1, 2, 3, 2 ** 40]]])(
    'refuses the state %j',
    (state) => {
      expect(() => restoredRandom(state)).toThrow(TypeError);
    },
  );
});
