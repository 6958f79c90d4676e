import { expect, test } from 'vitest';
import { RECIPE_NAMES } from '../base/recipes.ts';
import { checkSettings } from './settings.ts';
import {
  differsFromRecipe,
  formOf,
  overfitForm,
  type ProposalCase,
  proposedForm,
  withRecipe,
} from './settings-form.ts';
import { testRun } from './test-runs.ts';
import { testSet } from './test-sets.ts';

const CARD: ProposalCase = { software: false, set: null, bundled: true };
const STANDARD = proposedForm(CARD);

test('the proposed forms are right as they stand', () => {
  const usual = checkSettings(STANDARD);
  expect(usual).toMatchObject({
    ok: true,
    settings: { recipe: 'standard', steps: 400, batch: 8, size: 160, lr: 2e-4, lrBackbone: 2e-5, dropout: 0 },
  });
  expect(usual).toMatchObject({ ok: true, settings: { schedule: 'step', evalImages: null, maxSeconds: null } });
  for (const recipe of RECIPE_NAMES) {
    const set = testSet('a');
    expect(checkSettings(proposedForm({ ...CARD, set }, { recipe }))).toMatchObject({ ok: true, settings: { recipe } });
    const slow = checkSettings(proposedForm({ software: true, set, bundled: true }, { recipe }));
    expect(slow).toMatchObject({ ok: true, settings: { steps: 20, batch: 1, evalEvery: 10, evalImages: 8 } });
  }
});

test('what is proposed fits the set', () => {
  const form = (part: Partial<ProposalCase>) => proposedForm({ ...CARD, ...part });
  expect(form({ set: testSet('a') })).toMatchObject({ batch: '8', evalImages: '' });
  expect(form({ set: testSet('a', { splits: { train: 5000, val: 3000 } }) }).evalImages).toBe('200');
  expect(form({ set: testSet('a', { splits: { train: 3, val: 1 } }) })).toMatchObject({ batch: '3', evalImages: '' });
  expect(form({ software: true, set: testSet('a') })).toMatchObject({ batch: '1', evalImages: '8' });
  expect(form({ software: true, set: testSet('a', { splits: { train: 9, val: 4 } }) }).evalImages).toBe('');
  expect(form({ set: testSet('a', { splits: {} }) }).batch).toBe('1');
  expect(form({ set: testSet('a', { splits: { train: 1 } }) })).toMatchObject({ batch: '1', evalEvery: '0' });
});

test('the parts of a recipe follow the length that is typed, and any other weights get rates of their own', () => {
  const usual = proposedForm(CARD, { recipe: 'quick' });
  const typed = proposedForm(CARD, { recipe: 'quick', steps: ' 4,800 ' });
  expect(Number(typed.warmupSteps)).toBe(10 * Number(usual.warmupSteps));
  expect(Number(typed.headSteps)).toBe(10 * Number(usual.headSteps));
  expect(proposedForm(CARD, { recipe: 'quick', steps: 'x' })).toEqual(usual);
  expect(proposedForm({ ...CARD, bundled: false })).toMatchObject({ lr: '1e-4', lrBackbone: '1e-5', dropout: '0.1' });
});

test('another recipe takes what was typed of its own fields, and leaves the rest', () => {
  const typed = { recipe: 'standard', steps: '70', lr: '1', size: '224', seed: '3' } as const;
  expect(withRecipe(typed, 'quick')).toEqual({ recipe: 'quick', size: '224', seed: '3' });
});

test('a form differs from its recipe where something that the recipe says was typed over', () => {
  const form = proposedForm(CARD, { recipe: 'quick' });
  expect(differsFromRecipe(form, CARD)).toBe(false);
  expect(differsFromRecipe({ ...form, size: '320', seed: '4' }, CARD)).toBe(false);
  for (const part of [{ lr: '1e-3' }, { steps: '20' }, { freezeBackbone: false }, { schedule: 'step' }] as const) {
    expect(differsFromRecipe({ ...form, ...part }, CARD), JSON.stringify(part)).toBe(true);
  }
  expect(differsFromRecipe({ ...form, recipe: 'none' }, CARD)).toBe(false);
});

test('eight pictures are learnt by heart in whole batches, without what hinders it', () => {
  const typed = { ...proposedForm(CARD, { recipe: 'quick' }), batch: '32', dropout: '0.1', lr: '1e-4' };
  expect(checkSettings(overfitForm(typed, false))).toMatchObject({
    ok: true,
    settings: {
      overfitPictures: 8,
      batch: 8,
      steps: 200,
      evalImages: null,
      dropout: 0,
      lr: 1e-4,
      schedule: 'constant',
    },
  });
  expect(checkSettings(overfitForm(typed, false))).toMatchObject({
    ok: true,
    settings: { recipe: null, lrDrop: null, warmupSteps: 0, headSteps: 0 },
  });
});

test('a drop is read where the schedule has one, and is at two thirds of the run where none was typed', () => {
  const drop = (part: Partial<typeof STANDARD>) => checkSettings({ ...STANDARD, steps: '300', ...part });
  expect(drop({ lrDrop: '' })).toMatchObject({ ok: true, settings: { lrDrop: 200 } });
  expect(drop({ lrDrop: '7' })).toMatchObject({ ok: true, settings: { lrDrop: 7 } });
  expect(drop({ schedule: 'cosine', lrDrop: 'x' })).toMatchObject({ ok: true, settings: { lrDrop: null } });
});

test('a warm-up that the run never leaves is refused', () => {
  const checked = checkSettings({ ...STANDARD, steps: '10', warmupSteps: '10' });
  expect(checked).toMatchObject({
    ok: false,
    problems: { warmupSteps: expect.stringContaining("below the run's 10") },
  });
});

test.each([
  ['steps', '0'],
  ['steps', '-3'],
  ['steps', '12.5'],
  ['steps', '1e9'],
  ['steps', ''],
  ['steps', 'many'],
  ['batch', '65'],
  ['size', '16'],
  ['lr', '0'],
  ['lr', '2e-4x'],
  ['lrDrop', '0'],
  ['warmupSteps', '-1'],
  ['headSteps', '1.5'],
  ['dropout', '1'],
  ['accumulate', ''],
  ['evalImages', '0'],
  ['maxSeconds', 'soon'],
  ['seed', '-1'],
  ['seed', '2147483648'],
  ['clip', 'NaN'],
] as const)('%s = "%s" is refused in a sentence that quotes it', (field, text) => {
  const checked = checkSettings({ ...STANDARD, [field]: text });
  expect(checked.ok).toBe(false);
  if (checked.ok) return;
  expect(Object.keys(checked.problems)).toEqual([field]);
  expect(checked.problems[field]).toMatch(/[Gg]ive a .*\.$/);
  if (text !== '') expect(checked.problems[field]).toContain(`"${text}"`);
});

test('thousands may be written with commas, and blanks around a number do not matter', () => {
  expect(checkSettings({ ...STANDARD, steps: ' 1,200 ' })).toMatchObject({ ok: true, settings: { steps: 1200 } });
});

test.each([
  ['0', 50],
  ['10', 10],
  ['400', 50],
])('evaluated every %s steps, a run is saved every %d', (evalEvery, checkpointEvery) => {
  expect(checkSettings({ ...STANDARD, evalEvery })).toMatchObject({ ok: true, settings: { checkpointEvery } });
  const own = { ...STANDARD, evalEvery, checkpointEvery: '7' };
  expect(checkSettings(own)).toMatchObject({ ok: true, settings: { checkpointEvery: 7 } });
});

test.each([
  {},
  { recipe: 'quick', schedule: 'cosine', warmupSteps: 20, headSteps: 40, freezeBackbone: true },
  { schedule: 'step', lrDrop: 300, evalImages: 8, checkpointEvery: 7, overfitPictures: 8, maxSeconds: 60 },
  { evalEvery: 0 },
] as const)('settings with %j give the form that gives them', (part) => {
  const { settings } = testRun('a', {}, part);
  expect(checkSettings(formOf(settings))).toEqual({ ok: true, settings });
  expect(formOf(settings).lr).toBe('2e-4');
});
