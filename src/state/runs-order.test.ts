import { expect, test } from 'vitest';
import { nextSort, rangeOfRuns, shownRuns } from './runs-order.ts';
import { testRun } from './test-runs.ts';

const RUNS = [
  testRun('a', { name: 'cells 10', stepsDone: 40, best: { step: 40, map50: 0.5, AP: 0.2 } }),
  testRun('b', { name: 'cells 9', stepsDone: 400, note: 'small rate' }),
  testRun('c', { name: 'Scenes', stepsDone: 8, best: { step: 8, map50: 0.7, AP: null } }),
];
const ids = (runs: readonly { readonly id: string }[]): string => runs.map(({ id }) => id).join('');

test('numbers within names are sorted as numbers, whatever the case', () => {
  expect(ids(shownRuns(RUNS, '', { column: 'name', direction: 'ascending' }))).toBe('bac');
  expect(ids(shownRuns(RUNS, '', { column: 'name', direction: 'descending' }))).toBe('cab');
});

test('runs that were never evaluated come last in both directions', () => {
  expect(ids(shownRuns(RUNS, '', { column: 'ap50', direction: 'descending' }))).toBe('cab');
  expect(ids(shownRuns(RUNS, '', { column: 'ap50', direction: 'ascending' }))).toBe('acb');
  expect(ids(shownRuns(RUNS, '', { column: 'ap', direction: 'descending' }))).toBe('abc');
});

test('what wants attention comes first when sorted by status, and equals stay in their order', () => {
  const runs = [testRun('a'), testRun('b', { status: 'interrupted' }), testRun('c'), testRun('d', { status: 'going' })];
  expect(ids(shownRuns(runs, '', { column: 'status', direction: 'ascending' }))).toBe('dbac');
});

test('the filter wants every word, in the name, the note, the data set or the start', () => {
  const sort = { column: 'name', direction: 'ascending' } as const;
  expect(ids(shownRuns(RUNS, ' RATE cells', sort))).toBe('b');
  expect(ids(shownRuns(RUNS, 'cells pretrained', sort))).toBe('ba');
  expect(ids(shownRuns(RUNS, 'horse', sort))).toBe('');
});

test('a head pressed again turns the order round; figures begin with the highest, names with A', () => {
  const byName = nextSort({ column: 'bytes', direction: 'descending' }, 'name');
  expect(byName).toEqual({ column: 'name', direction: 'ascending' });
  expect(nextSort(byName, 'name')).toEqual({ column: 'name', direction: 'descending' });
  expect(nextSort(byName, 'ap50')).toEqual({ column: 'ap50', direction: 'descending' });
});

test('a range goes either way, and is the one run alone where its start is filtered out', () => {
  expect(rangeOfRuns(RUNS, 'c', 'b')).toEqual(['b', 'c']);
  expect(rangeOfRuns(RUNS, 'a', 'c')).toEqual(['a', 'b', 'c']);
  expect(rangeOfRuns(RUNS, 'gone', 'b')).toEqual(['b']);
  expect(rangeOfRuns(RUNS, null, 'b')).toEqual(['b']);
});
