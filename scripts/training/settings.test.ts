import { expect, test } from 'vitest';
import { RECIPE_NAMES } from '../../src/base/recipes.ts';
import { refusalOf } from '../../src/base/test-refusal.ts';
import type { DataSet } from '../../src/data/types.ts';
import { checkSettings } from '../../src/state/settings.ts';
import { proposedForm } from '../../src/state/settings-form.ts';
import { openCheckpoint } from '../sources/open-checkpoint.ts';
import { resolveSettings, type TrainOptions } from './settings.ts';

const { checkpoint } = await openCheckpoint('tiny');
const ids = Array.from({ length: 30 }, (_, i) => String(i));
const dataSet: DataSet = {
  name: 'thirty',
  classes: [],
  samples: ids.map((id) => ({ id, imagePath: id, size: { h: 8, w: 8 }, objects: [], labelled: true })),
  splits: { train: ids },
  problems: [],
  hash: '',
  imageBytes: () => Promise.reject(new Error('no picture is read')),
};

function resolved(options: TrainOptions, software: boolean) {
  return resolveSettings(options, checkpoint, dataSet, software);
}

test('what is not said has its default, and what is said stands', () => {
  const { settings, notices } = resolved({}, false);
  expect(settings).toMatchObject({ lr: 2e-4, lrBackbone: 2e-5, batch: 8, weightDecay: 1e-4, clip: 0.1, seed: 0 });
  expect(settings).toMatchObject({ steps: 400, accumulate: 1, evalEvery: 50, checkpointEvery: 50, lrDrop: null });
  expect(notices).toEqual([]);
  expect(resolved({ model: 'random:tiny' }, false).settings).toMatchObject({ lr: 1e-4, batch: 4 });
  expect(resolved({ lr: 1e-3, clip: 0, seed: 7 }, false).settings).toMatchObject({
    lrBackbone: 1e-4,
    clip: 0,
    seed: 7,
  });
  expect(resolved({ epochs: 2, batch: 4, accumulate: 2 }, false).settings.steps).toBe(8);
});

test('without a recipe the rates are constant, as those of the reference curve', () => {
  expect(resolved({}, false).settings).toMatchObject({
    recipe: null,
    schedule: 'constant',
    warmupSteps: 0,
    headSteps: 0,
  });
});

test.each(RECIPE_NAMES.flatMap((recipe) => ['tiny', 'random:tiny'].map((model) => ({ recipe, model }))))(
  '$recipe from $model is the same on the page',
  ({ recipe, model }) => {
    const set = { splits: { train: ids.length, val: 40 } };
    const form = proposedForm({ software: false, set, bundled: model === 'tiny' }, { recipe });
    const page = checkSettings(form);
    const { checkpointEvery, ...shell } = resolved({ recipe, model }, false).settings;
    expect(page).toMatchObject({ ok: true, settings: shell });
  },
);

test('what is said stands over the recipe, whose parts follow the length', () => {
  const quick = resolved({ recipe: 'quick' }, false).settings;
  const longer = resolved({ recipe: 'quick', steps: 10 * quick.steps, lr: 1e-3, batch: 2 }, false).settings;
  expect(longer).toMatchObject({ recipe: 'quick', lr: 1e-3, lrBackbone: 1e-4, batch: 2, freezeBackbone: true });
  expect(longer.headSteps).toBe(10 * quick.headSteps);
  expect(resolved({ recipe: 'quick', headSteps: 0, warmup: 3 }, false).settings).toMatchObject({
    headSteps: 0,
    warmupSteps: 3,
  });
  expect(resolved({ recipe: 'quick', freezeBackbone: false }, false).settings.freezeBackbone).toBe(false);
  expect(resolved({ recipe: 'full', epochs: 2 }, false).settings).toMatchObject({ steps: 8, lrDrop: 5 });
});

test('a recipe has asked for its length on a slow driver too', () => {
  expect(resolved({ recipe: 'quick' }, true)).toEqual(resolved({ recipe: 'quick' }, false));
});

test('a drop that is named asks for its schedule, and none for a schedule without', () => {
  const rates = (options: TrainOptions) => resolved({ steps: 300, ...options }, false).settings;
  expect(rates({ lrDrop: 7 })).toMatchObject({ schedule: 'step', lrDrop: 7 });
  expect(rates({ schedule: 'step' })).toMatchObject({ schedule: 'step', lrDrop: 200 });
  expect(rates({ recipe: 'standard', lrDrop: null })).toMatchObject({ schedule: 'constant', lrDrop: null });
  expect(rates({ recipe: 'standard', schedule: 'cosine' })).toMatchObject({ schedule: 'cosine', lrDrop: null });
  expect(rates({ recipe: 'quick', lrDrop: null })).toMatchObject({ schedule: 'cosine', lrDrop: null });
  expect(rates({ recipe: 'quick', lrDrop: 7 })).toMatchObject({ schedule: 'step', lrDrop: 7 });
});

test.each([
  [{ lrDrop: 7, schedule: 'cosine' }, '--lr-drop 7 with --schedule cosine'],
  [{ lrDrop: null, schedule: 'step' }, '--lr-drop none with --schedule step'],
  [{ warmup: 20, steps: 20 }, "--warmup 20: expected fewer than the run's 20 steps"],
] as const)('%j is refused', (options, message) => {
  expect(refusalOf(() => resolved(options, false))).toMatchObject({
    code: 'usage',
    message: expect.stringContaining(message),
  });
});

test('a software driver without a length gets a short run, and is told what that is', () => {
  const { settings, notices } = resolved({}, true);
  expect(settings).toMatchObject({ maxSeconds: 180, batch: 4, evalEvery: 400, evalImages: 16 });
  expect(notices).toEqual([expect.stringContaining('fit into 3 minutes, at batch 4, and is evaluated on at most 16')]);
  expect(resolved({ steps: 9 }, true)).toMatchObject({ settings: { maxSeconds: null, steps: 9 }, notices: [] });
});

test('a run that is never evaluated is not told on how many pictures', () => {
  expect(resolved({ evalEvery: 0 }, true).notices).toEqual([
    'Without a GPU this run takes the steps that fit into 3 minutes, at batch 4. Say --steps N for a longer one.',
  ]);
});
