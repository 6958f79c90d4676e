import { expect, test } from 'vitest';
import { linkWarning, settingsFromQuery, settingsToQuery } from './settings-link.ts';
import { testRun } from './test-runs.ts';
import { testSet } from './test-sets.ts';

const RUN = { dataSetId: 'a1', dataSetName: 'Blutzellen & co', dataSetHash: 'abcdef0123', from: 'tiny, pretrained' };

test.each([
  {},
  { lrDrop: 300, evalImages: 8, overfitPictures: 8, maxSeconds: 90.5, freezeBackbone: true, seed: 2_147_483_647 },
  { lr: 1e-9, lrBackbone: 0, clip: 0, evalEvery: 0, augment: 'detr' as const },
])('every setting comes back, with %j', (part) => {
  const { settings } = testRun('a', {}, part);
  const read = settingsFromQuery(settingsToQuery(settings, RUN));
  expect(read).toEqual({ ok: true, asked: { settings, ...RUN } });
});

test('a link from before there was a choice of augmentation mirrors', () => {
  const { settings } = testRun('a', {}, { augment: 'detr' });
  const query = settingsToQuery(settings, RUN).replace('augment=detr&', '');
  expect(settingsFromQuery(query)).toMatchObject({ ok: true, asked: { settings: { augment: 'flip' } } });
});

test.each([
  ['cut off', (query: string) => query.slice(0, 40), '"'],
  ['with a word for a number', (query: string) => query.replace(/steps=\d+/, 'steps=many'), '"steps"'],
  ['with an empty number', (query: string) => query.replace(/dropout=[^&]+/, 'dropout='), '"dropout"'],
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
