import { expect, test } from 'vitest';
import { RECIPE_NAMES, recipeSettings } from './recipes.ts';

test('full goes as DETR went: 300 passes over the set, a drop after 200, the rates of the paper', () => {
  const full = recipeSettings('full', { bundled: false, pictures: 1000 });
  expect(full.steps).toBe((300 * 1000) / full.batch);
  expect((full.lrDrop ?? 0) * full.batch).toBe(200 * 1000);
  expect(full).toMatchObject({ lr: 1e-4, lrBackbone: 1e-5, weightDecay: 1e-4, dropout: 0.1, clip: 0.1 });
  expect(recipeSettings('full', { bundled: false, pictures: 1000, accumulate: 4 }).steps).toBe(full.steps / 4);
});

test('quick freezes the backbone and trains the class head first, standard trains all at once', () => {
  const quick = recipeSettings('quick', { bundled: true, pictures: 320 });
  expect(quick).toMatchObject({ freezeBackbone: true, schedule: 'cosine', lrDrop: null });
  expect(quick.headSteps).toBeGreaterThan(0);
  expect(quick.warmupSteps).toBeGreaterThan(0);
  const standard = recipeSettings('standard', { bundled: true, pictures: 320 });
  expect(standard).toMatchObject({ freezeBackbone: false, headSteps: 0, steps: 400, batch: 8, lr: 2e-4 });
  expect(standard.lrBackbone).toBe(2e-5);
});

test('of few pictures quick has more views and steps, as their features are soon computed; the others are as ever', () => {
  const few = recipeSettings('quick', { bundled: true, pictures: 120 });
  const many = recipeSettings('quick', { bundled: true, pictures: 320 });
  expect([few.steps, few.views]).toEqual([480, 4]);
  // No more features than of the larger set.
  expect(few.views * 160).toBeLessThanOrEqual(many.views * 320);
  expect(recipeSettings('standard', { bundled: true, pictures: 120 })).toEqual(
    recipeSettings('standard', { bundled: true, pictures: 320 }),
  );
});

test.each(RECIPE_NAMES)('the parts of %s are as much shorter as the run', (name) => {
  const own = recipeSettings(name, { bundled: true, pictures: 320 });
  const half = recipeSettings(name, { bundled: true, pictures: 320, steps: own.steps / 2 });
  expect(half).toEqual({
    ...own,
    steps: own.steps / 2,
    warmupSteps: own.warmupSteps / 2,
    headSteps: own.headSteps / 2,
    lrDrop: own.lrDrop === null ? null : own.lrDrop / 2,
    evalEvery: own.evalEvery / 2,
  });
});

test.each(RECIPE_NAMES)('%s can be as short as one step', (name) => {
  const one = recipeSettings(name, { bundled: true, pictures: 0, steps: 1 });
  expect(one.warmupSteps).toBe(0);
  expect(one.evalEvery).toBe(1);
  expect(one.lrDrop === null || one.lrDrop >= 1).toBe(true);
});
