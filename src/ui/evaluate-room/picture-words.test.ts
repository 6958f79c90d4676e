import { expect, test } from 'vitest';
import { limitChoices } from './limit-choices.ts';
import { cellWords, picturesWords } from './picture-words.ts';

const CLASSES = ['cat', 'dog'];

test('each cell of the confusion matrix says what it counts', () => {
  expect(cellWords(CLASSES, 0, 0)).toBe('cat found as such');
  expect(cellWords(CLASSES, 0, 1)).toBe('cat taken for dog');
  expect(cellWords(CLASSES, 1, 2)).toBe('dog missed');
  expect(cellWords(CLASSES, 2, 1)).toBe('dog found where nothing is');
});

test('pictures are named by what they were chosen for', () => {
  expect(picturesWords({ kind: 'cell', truth: 1, found: 0 }, CLASSES)).toBe('dog taken for cat');
  expect(picturesWords({ kind: 'error', error: 'duplicate' }, CLASSES)).toBe('errors of the kind "Found twice"');
});

test('fewer pictures than the split has can be chosen, and what is chosen stays', () => {
  expect(limitChoices(80, null)).toEqual([null, 8, 20, 50]);
  expect(limitChoices(5, 30)).toEqual([null, 30]);
});
