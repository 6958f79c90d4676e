import { expect, test } from 'vitest';
import { checkSettings, DEFAULT_FORM, SOFTWARE_FORM } from './settings.ts';

test('the proposed forms are right as they stand', () => {
  const usual = checkSettings(DEFAULT_FORM);
  expect(usual).toMatchObject({
    ok: true,
    settings: { steps: 400, batch: 8, size: 160, lr: 2e-4, lrBackbone: 2e-5, weightDecay: 1e-4, clip: 0.1, dropout: 0 },
  });
  expect(usual.ok && usual.settings.evalImages).toBeNull();
  expect(checkSettings(SOFTWARE_FORM)).toMatchObject({ ok: true, settings: { batch: 1, size: 160, evalImages: 8 } });
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
  ['dropout', '1'],
  ['evalImages', '81'],
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
});
