import { expect, test } from 'vitest';
import { linkWarning, settingsFromQuery, settingsToQuery } from './settings-link.ts';
import { testRun } from './test-runs.ts';
import { testSet } from './test-sets.ts';

const RUN = { dataSetId: 'a1', dataSetName: 'Blutzellen & co', dataSetHash: 'abcdef0123', from: 'tiny, pretrained' };

test.each([
  {},
  { recipe: 'quick', schedule: 'cosine', warmupSteps: 20, headSteps: 40 },
  {
    schedule: 'step',
    lrDrop: 300,
    evalImages: 8,
    overfitPictures: 8,
    maxSeconds: 90.5,
    freezeBackbone: true,
    freezeEncoder: true,
    views: 8,
    seed: 2_147_483_647,
  },
  { lr: 1e-9, lrBackbone: 0, clip: 0, evalEvery: 0, augment: 'detr' },
] as const)('every setting comes back, with %j', (part) => {
  const { settings } = testRun('a', {}, part);
  const read = settingsFromQuery(settingsToQuery(settings, RUN));
  expect(read).toEqual({ ok: true, asked: { settings, ...RUN } });
});

test.each([null, 300])(
  'an address of the first version, with the rates dropping at %s, asks for what it did',
  (lrDrop) => {
    const schedule = lrDrop === null ? 'constant' : 'step';
    const { settings } = testRun('a', {}, { lrDrop, schedule });
    const query = new URLSearchParams(settingsToQuery(settings, RUN));
    for (const added of ['recipe', 'schedule', 'warmupSteps', 'headSteps']) query.delete(added);
    expect(settingsFromQuery(query.toString())).toEqual({ ok: true, asked: { settings, ...RUN } });
  },
);
test('a link from before there was a choice of augmentation mirrors', () => {
  const { settings } = testRun('a', {}, { augment: 'detr' });
  const query = settingsToQuery(settings, RUN).replace('augment=detr&', '');
  expect(settingsFromQuery(query)).toMatchObject({ ok: true, asked: { settings: { augment: 'flip' } } });
});

test.each([
  ['cut off', (query: string) => query.slice(0, 40), '"'],
  ['with a word for a number', (query: string) => query.replace(/steps=\d+/, 'steps=many'), '"steps"'],
  ['with an empty number', (query: string) => query.replace(/dropout=[^&]+/, 'dropout='), '"dropout"'],
  ['with another schedule', (query: string) => query.replace('constant', 'wavy'), '"schedule"'],
  ['beyond what is possible', (query: string) => query.replace(/batch=\d+/, 'batch=1e9'), '"batch"'],
])('an address that is %s is refused in a sentence', (_, spoil, named) => {
  const read = settingsFromQuery(spoil(settingsToQuery(testRun('a').settings, RUN)));
  expect(read.ok).toBe(false);
  if (!read.ok) expect(read.problem).toContain(named);
});

test('a set that is not here, or not the same, is told; the same content under another name is well', () => {
  const asked = { settings: testRun('a').settings, ...RUN };
  expect(linkWarning([testSet('other', { hash: RUN.dataSetHash })], asked)).toBeNull();
  expect(linkWarning([testSet('b', { hash: '99' })], asked)).toContain('not in this browser');
  expect(linkWarning([testSet('a1', { hash: '99887766554433' })], asked)).toContain('was abcdef01 and is 99887766');
});

test('rows of classes that a person chose come along, of whatever name', () => {
  const { settings } = testRun('a');
  const chosenRows = [
    { name: '__proto__', from: 'cat' },
    { name: 'Hund & "Co"', from: null },
  ];
  const query = settingsToQuery(settings, { ...RUN, chosenRows });
  expect(settingsFromQuery(query)).toEqual({ ok: true, asked: { settings, ...RUN, chosenRows } });
  const cut = settingsFromQuery(query.slice(0, -8));
  expect(cut).toMatchObject({ ok: false, problem: expect.stringContaining('"rows"') });
});
