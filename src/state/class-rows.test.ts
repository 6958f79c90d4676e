import { expect, test } from 'vitest';
import type { Sample } from '../rpc/protocol.ts';
import { alikeClasses, classRows, deleteQuestion, mergeQuestion, renameQuestion } from './class-rows.ts';

const sample = (id: string, ...names: string[]): Sample => ({
  id,
  imagePath: `${id}.jpg`,
  size: { h: 9, w: 9 },
  labelled: true,
  objects: names.map((className) => ({ className, boxXyxyPx: [0, 0, 5, 5], difficult: false, truncated: false })),
});
const labels = {
  classes: ['cat', 'Cat ', 'dog', 'cow'],
  samples: [sample('a', 'cat', 'cat', 'dog'), sample('b', 'Cat '), sample('c', 'dog', 'cat'), sample('d')],
};

test('boxes and pictures are counted by class, those without a box too', () => {
  expect(classRows(labels).map(({ name, labelId, boxes, pictures }) => [name, labelId, boxes, pictures])).toEqual([
    ['cat', 0, 3, 2],
    ['Cat ', 1, 1, 1],
    ['dog', 2, 2, 2],
    ['cow', 3, 0, 0],
  ]);
});

test('names that differ by case and spaces alone are pointed out', () => {
  expect(alikeClasses(labels.classes)).toEqual([['cat', 'Cat ']]);
  expect(alikeClasses(['tv', 'sofa', 'TV Monitor'])).toEqual([['tv', 'TV Monitor']]);
});

test('each change says what it does to how many boxes in how many pictures', () => {
  expect(renameQuestion(labels, 'cat', 'kitten')?.says).toMatch(/^3 boxes in 2 pictures will be called "kitten"\./);
  expect(renameQuestion(labels, 'cat', ' dog ')).toMatchObject({
    change: { kind: 'merge', from: ['cat'], into: 'dog' },
    says: 'There is a class "dog" already. 3 boxes in 2 pictures will be "dog". The class "cat" is no more.',
  });
  expect(renameQuestion(labels, 'cat', 'cat')).toBe(null);
  expect(renameQuestion(labels, 'cat', ' ')).toBe(null);
  // A picture with both counts once.
  expect(mergeQuestion(labels, ['cat', 'dog', 'cow'], 'cow')?.says).toBe(
    '5 boxes in 2 pictures will be "cow". The 2 classes "cat", "dog" are no more.',
  );
  expect(mergeQuestion(labels, ['cat'], 'cat')).toBe(null);
  expect(deleteQuestion(labels, ['cow']).says).toBe('No box is touched.');
  expect(deleteQuestion(labels, ['Cat ', 'dog']).says).toBe(
    '3 boxes in 3 pictures will be deleted. 1 picture is left without a box: nothing is in it then.',
  );
});
