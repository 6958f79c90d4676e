import { expect, test } from 'vitest';
import { carriedSentence, classRows } from './class-rows.ts';
import { refusalOf } from './test-refusal.ts';

const COCO = ['N/A', 'person', 'tv', 'couch', 'N/A', 'cat'];

test('classes start from the rows of the same classes, all others from new ones', () => {
  const found = classRows(['Cat', 'sofa', 'tvmonitor', 'wombat'], COCO);
  expect(found.rows).toEqual([
    { name: 'Cat', from: 'cat' },
    { name: 'sofa', from: 'couch' },
    { name: 'tvmonitor', from: 'tv' },
    { name: 'wombat', from: null },
  ]);
  expect(found.slots).toEqual([5, 3, 2, null]);
  expect(carriedSentence(found)).toBe(
    'Of 4 classes, 3 start from a row of the weights, "Cat" from "cat", "sofa" from "couch" and "tvmonitor" from "tv" among them; new is "wombat".',
  );
  expect(found.notices).toEqual([]);
});

test('the table of a person goes before the names', () => {
  const map = new Map([
    ['wombat', 'CAT'],
    ['sofa', null],
  ]);
  const found = classRows(['cat', 'sofa', 'wombat'], COCO, map);
  expect(found.slots).toEqual([5, null, 5]);
  expect(found.chosen).toEqual(new Set(['sofa', 'wombat']));
  expect(found.notices).toEqual([
    expect.stringMatching(/^"cat" and "wombat" start from one row, "cat", .*Choose other rows/),
  ]);
});

test('where several rows could be meant the first is taken, and that is said', () => {
  expect(classRows(['Cat'], ['cat', 'CAT'])).toMatchObject({
    slots: [0],
    notices: [expect.stringMatching(/"cat" and "CAT", and each may be "Cat": it starts from the first\./)],
  });
  expect(classRows(['cat'], ['cat', 'dog', 'cat'])).toMatchObject({
    slots: [0],
    notices: [expect.stringMatching(/2 rows of the name "cat" \(ids 0, 2\)/)],
  });
});

test.each([
  [{ dog: 'cat' }, /"dog", which is no class of the data set; the data set has "tv" and "TV"/],
  [{ Tv: 'tv' }, /"Tv", which may be "tv" and "TV"/],
  [{ tv: 'telly' }, /gives "tv" the row of "telly", which the weights do not have; they have "person", "tv"/],
  [{ tv: 'N/A' }, /gives "tv" the row of "N\/A", which the weights do not have/],
])('a table that does not fit is refused in a sentence: %j', (table, message) => {
  const error = refusalOf(() => classRows(['tv', 'TV'], COCO, new Map(Object.entries(table))));
  expect(error.code).toBe('usage');
  expect(error.message).toMatch(message);
});

test('a class that the table names twice is refused', () => {
  const map = new Map([
    ['cat', null],
    ['CAT', 'tv'],
  ]);
  expect(refusalOf(() => classRows(['cat'], COCO, map)).message).toMatch(/"cat" twice, as "cat" and as "CAT"/);
});
