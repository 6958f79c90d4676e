import { expect, test } from 'vitest';
import { testRun } from '../../state/test-runs.ts';
import { differencesOf, settingWords } from './setting-words.ts';

test('only what differs stands side by side, in the order of the runs, and the rest is counted', () => {
  const one = testRun('a', {}, { lr: 2e-4, freezeBackbone: false });
  const two = testRun('b', { from: 'run "a"' }, { lr: 1e-3, freezeBackbone: true });
  const { differing, same } = differencesOf([one, two, one]);
  expect(differing).toEqual([
    { name: 'Start from', values: ['tiny, pretrained', 'run "a"', 'tiny, pretrained'] },
    { name: 'Learning rate', values: ['2e-4', '1e-3', '2e-4'] },
    { name: 'Backbone frozen', values: ['no', 'yes', 'no'] },
  ]);
  expect(differing.length + same).toBe(settingWords(one).length);
});

test('a set of the same name with other pictures differs by its hash', () => {
  const other = testRun('b', { dataSet: { id: 'x', name: 'emoji-scenes', hash: 'cd34' } });
  expect(differencesOf([testRun('a'), other]).differing.map(({ name }) => name)).toEqual(['Data hash']);
});

test('values that differ in a late digit differ', () => {
  const { differing } = differencesOf([testRun('a', {}, { lr: 2e-4 }), testRun('b', {}, { lr: 2.04e-4 })]);
  expect(differing).toEqual([{ name: 'Learning rate', values: ['2e-4', '2.04e-4'] }]);
});

test('runs with the same settings differ in nothing', () => {
  expect(differencesOf([testRun('a'), testRun('b')]).differing).toEqual([]);
});

test('every setting has a name of its own', () => {
  const names = settingWords(testRun('a')).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
