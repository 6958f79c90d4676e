import { expect, test } from 'vitest';
import { knownClassesText, plannedRows } from './planned-rows.ts';

const LABELS = ['airplane', 'cat', 'dog'];

test('what was chosen counts, as long as set and weights have such classes', () => {
  const chosen = new Map([
    ['aeroplane', null],
    ['wombat', 'cat'],
    ['cat', 'unicorn'],
    ['of another set', 'dog'],
  ]);
  const planned = plannedRows(['aeroplane', 'cat', 'wombat'], LABELS, chosen);
  expect(planned.rows).toEqual([
    { name: 'aeroplane', from: null },
    { name: 'cat', from: 'cat' },
    { name: 'wombat', from: 'cat' },
  ]);
  expect([...planned.map.keys()]).toEqual(['aeroplane', 'wombat']);
});

test('the share that is carried, in a line', () => {
  const text = (classes: readonly string[]) => knownClassesText(plannedRows(classes, LABELS, new Map()));
  expect(text(['aeroplane', 'wombat'])).toBe('1 of 2 classes known');
  expect(text(['Cat'])).toBe('1 of 1 class known');
});
