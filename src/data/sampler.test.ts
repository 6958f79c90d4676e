import { expect, test } from 'vitest';
import type { Shape } from './buckets.ts';
import { createSampler, flipOf, parseSamplerState, type Sampler } from './sampler.ts';

const shapes: readonly Shape[] = Array.from({ length: 50 }, (_, i) => (i % 5 === 0 ? 'portrait' : 'landscape'));

function take(sampler: Sampler, n: number) {
  return Array.from({ length: n }, () => sampler.next());
}

test('batches are full, of one shape, and each picture comes once an epoch', () => {
  const sampler = createSampler(shapes, 4, 1);
  const batches = take(sampler, 250);
  for (const { shape, picks } of batches) {
    expect(picks).toHaveLength(4);
    expect(picks.every(({ index }) => shapes[index] === shape)).toBe(true);
  }
  const picks = batches.flatMap((batch) => batch.picks).sort((a, b) => a.drawn - b.drawn);
  for (let epoch = 0; epoch < 19; epoch += 1) {
    const drawn = picks.filter(({ drawn: d }) => d >= epoch * 50 && d < (epoch + 1) * 50).map(({ index }) => index);
    expect(drawn.sort((a, b) => a - b)).toEqual([...shapes.keys()]);
  }
});

test('the seed decides the order, and epochs differ', () => {
  expect(take(createSampler(shapes, 4, 1), 30)).toEqual(take(createSampler(shapes, 4, 1), 30));
  expect(take(createSampler(shapes, 4, 1), 5)).not.toEqual(take(createSampler(shapes, 4, 2), 5));
  const order = take(createSampler(Array<Shape>(8).fill('landscape'), 8, 1), 2).map(({ picks }) =>
    picks.map((p) => p.index),
  );
  expect(order[0]).not.toEqual(order[1]);
});

test('a state through JSON goes on with the same batches, wherever it is taken', () => {
  for (const at of [0, 1, 7, 12, 13, 40]) {
    const whole = createSampler(shapes, 3, 9);
    take(whole, at);
    const state = parseSamplerState(JSON.parse(JSON.stringify(whole.state())));
    expect(take(createSampler(shapes, 3, 9, state), 40)).toEqual(take(whole, 40));
  }
});

test('a state of another set, or a damaged one, is refused', () => {
  const state = createSampler(shapes, 3, 9).state();
  expect(() => createSampler(shapes.slice(1), 3, 9, state)).toThrow(/50 pictures/);
  expect(() => createSampler(shapes, 3, 8, state)).toThrow(/seed/);
  expect(() => parseSamplerState({ ...state, epoch: -1 })).toThrow(/damaged/);
});

test('a batch may be larger than the split', () => {
  const { picks } = createSampler(['landscape', 'landscape', 'landscape'], 8, 0).next();
  expect(new Set(picks.slice(0, 3).map(({ index }) => index)).size).toBe(3);
  expect(picks).toHaveLength(8);
});

test('an excluded picture never comes again, and nothing is left of none', () => {
  const sampler = createSampler(shapes, 3, 4);
  take(sampler, 3);
  sampler.exclude(7);
  expect(
    take(sampler, 200)
      .flatMap(({ picks }) => picks)
      .some(({ index }) => index === 7),
  ).toBe(false);
  for (let i = 0; i < 50; i += 5) sampler.exclude(i);
  expect(sampler.replacement('portrait')).toBeNull();
  for (let i = 0; i < 50; i += 1) sampler.exclude(i);
  expect(() => sampler.next()).toThrow(/None of the pictures/);
});

test('half of the pictures are mirrored, one picture not always alike', () => {
  const picks = Array.from({ length: 4000 }, (_, drawn) => ({ index: drawn % 10, drawn }));
  const flipped = picks.filter((pick) => flipOf(3, pick.drawn));
  // Four deviations of a fair coin.
  expect(Math.abs(flipped.length - 2000)).toBeLessThan(127);
  expect(picks.filter((pick) => pick.index === 0 && flipOf(3, pick.drawn)).length).toBeGreaterThan(100);
  expect(picks.map((pick) => flipOf(3, pick.drawn))).not.toEqual(picks.map((pick) => flipOf(4, pick.drawn)));
});
