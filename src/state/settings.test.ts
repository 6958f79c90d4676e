import { expect, test } from 'vitest';
import { checkSettings, DEFAULT_FORM, formOf, overfitForm, proposedForm, SOFTWARE_FORM } from './settings.ts';
import { testRun } from './test-runs.ts';
import { testSet } from './test-sets.ts';

test('the proposed forms are right as they stand', () => {
  const usual = checkSettings(DEFAULT_FORM);
  expect(usual).toMatchObject({
    ok: true,
    settings: { steps: 400, batch: 8, size: 160, lr: 2e-4, lrBackbone: 2e-5, weightDecay: 1e-4, clip: 0.1, dropout: 0 },
  });
  expect(usual).toMatchObject({ ok: true, settings: { evalImages: null, lrDrop: null, maxSeconds: null } });
  expect(checkSettings(SOFTWARE_FORM)).toMatchObject({ ok: true, settings: { batch: 1, size: 160, evalImages: 8 } });
});

test('what is proposed fits the set', () => {
  expect(proposedForm(false, testSet('a'))).toMatchObject({ batch: '8', evalImages: '' });
  expect(proposedForm(false, testSet('a', { splits: { train: 5000, val: 3000 } })).evalImages).toBe('200');
  expect(proposedForm(false, testSet('a', { splits: { train: 3, val: 1 } }))).toMatchObject({
    batch: '3',
    evalImages: '',
  });
  expect(proposedForm(true, testSet('a'))).toMatchObject({ batch: '1', evalImages: '8' });
  expect(proposedForm(true, testSet('a', { splits: { train: 9, val: 4 } })).evalImages).toBe('');
  expect(proposedForm(false, testSet('a', { splits: {} })).batch).toBe('1');
});

test('eight pictures are learnt by heart in whole batches, without what hinders it', () => {
  const typed = { ...DEFAULT_FORM, batch: '32', dropout: '0.1', lrDrop: '10', lr: '1e-4' };
  expect(checkSettings(overfitForm(typed, false))).toMatchObject({
    ok: true,
    settings: { overfitPictures: 8, batch: 8, steps: 200, evalImages: null, dropout: 0, lrDrop: null, lr: 1e-4 },
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
  ['dropout', '1'],
  ['accumulate', ''],
  ['evalImages', '0'],
  ['maxSeconds', 'soon'],
  ['seed', '-1'],
  ['seed', '2147483648'],
  ['clip', 'NaN'],
] as const)('%s = "%s" is refused in a sentence that quotes it', (field, text) => {
  const checked = checkSettings({ ...DEFAULT_FORM, [field]: text });
  expect(checked.ok).toBe(false);
  if (checked.ok) return;
  expect(Object.keys(checked.problems)).toEqual([field]);
  expect(checked.problems[field]).toMatch(/[Gg]ive a .*\.$/);
  if (text !== '') expect(checked.problems[field]).toContain(`"${text}"`);
});

test('thousands may be written with commas, and blanks around a number do not matter', () => {
  expect(checkSettings({ ...DEFAULT_FORM, steps: ' 1,200 ' })).toMatchObject({ ok: true, settings: { steps: 1200 } });
});

test.each([
  ['0', 50],
  ['10', 10],
  ['400', 50],
])('evaluated every %s steps, a run is saved every %d', (evalEvery, checkpointEvery) => {
  expect(checkSettings({ ...DEFAULT_FORM, evalEvery })).toMatchObject({ ok: true, settings: { checkpointEvery } });
  const own = { ...DEFAULT_FORM, evalEvery, checkpointEvery: '7' };
  expect(checkSettings(own)).toMatchObject({ ok: true, settings: { checkpointEvery: 7 } });
});

test.each([
  {},
  { lrDrop: 300, evalImages: 8, checkpointEvery: 7, overfitPictures: 8, maxSeconds: 60 },
  { evalEvery: 0 },
])('settings with %j give the form that gives them', (part) => {
  const { settings } = testRun('a', {}, part);
  expect(checkSettings(formOf(settings))).toEqual({ ok: true, settings });
  expect(formOf(settings).lr).toBe('2e-4');
});
