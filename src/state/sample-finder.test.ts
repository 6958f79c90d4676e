import { expect, test } from 'vitest';
import type { DataSetIndex, Sample } from '../rpc/protocol.ts';
import { NO_FILTER, problemsBySample, type SampleFilter } from './sample-filter.ts';
import { sampleFinder } from './sample-finder.ts';

const sample = (id: string, ...objects: readonly (readonly [string, number])[]): Sample => ({
  id,
  imagePath: `JPEGImages/${id}.jpg`,
  size: { h: 200, w: 200 },
  labelled: true,
  objects: objects.map(([className, side]) => ({
    className,
    boxXyxyPx: [0, 0, side, side],
    difficult: false,
    truncated: false,
  })),
});

const INDEX: DataSetIndex = {
  id: 'set',
  name: 'set',
  hash: '',
  classes: ['cat', 'dog'],
  samples: [sample('A1', ['cat', 20], ['dog', 150]), sample('a2', ['dog', 50]), sample('b1')],
  splits: { train: ['A1', 'a2'], val: ['b1'] },
  problems: [
    { file: 'VOC/Annotations/a2.xml', severity: 'warning', reason: 'A box was clamped.' },
    { file: 'VOC/JPEGImages/zz.jpg', severity: 'refused', reason: 'It is no picture.' },
  ],
};

function finder() {
  return sampleFinder(INDEX, problemsBySample(INDEX));
}

function ids(filter: Partial<SampleFilter>): string[] {
  return finder()
    .find({ ...NO_FILTER, ...filter })
    .map(({ id }) => id);
}

test.each<[Partial<SampleFilter>, string[]]>([
  [{}, ['A1', 'a2', 'b1']],
  [{ classes: ['dog'] }, ['A1', 'a2']],
  [{ classes: ['cat', 'dog'], sizes: ['medium'] }, ['a2']],
  [{ sizes: ['small', 'large'] }, ['A1']],
  [{ split: 'val' }, ['b1']],
  [{ split: 'gone' }, []],
  [{ withProblems: true }, ['a2']],
  [{ text: ' a' }, ['A1', 'a2']],
])('%j leaves %j', (filter, expected) => {
  expect(ids(filter)).toEqual(expected);
});

test('a small cat and a large dog are no large cat', () => {
  expect(ids({ classes: ['cat'], sizes: ['large'] })).toEqual([]);
});

test('a text that grows, shrinks and is another finds what it finds alone, whatever was found before', () => {
  const { find } = finder();
  const typed = (text: string, more: Partial<SampleFilter> = {}): string[] =>
    find({ ...NO_FILTER, ...more, text }).map(({ id }) => id);
  expect(['a', 'a2', 'a', '2', '', 'B', 'b1', '1', 'zz', ''].map((text) => typed(text))).toEqual([
    ['A1', 'a2'],
    ['a2'],
    ['A1', 'a2'],
    ['a2'],
    ['A1', 'a2', 'b1'],
    ['b1'],
    ['b1'],
    ['A1', 'b1'],
    [],
    ['A1', 'a2', 'b1'],
  ]);
  typed('a', { split: 'train' });
  expect(typed('a', { split: 'val' })).toEqual([]);
  expect(typed('a2', { classes: ['dog'] })).toEqual(['a2']);
  expect(typed('a2', { classes: ['cat'] })).toEqual([]);
});

test('where nothing more falls away the list is the same', () => {
  const { find } = finder();
  const filter = { ...NO_FILTER, text: 'a' };
  const found = find(filter);
  expect(find({ ...filter, text: 'a ' })).toBe(found);
  expect(find({ ...NO_FILTER, sizes: ['small', 'medium', 'large'] })).not.toBe(INDEX.samples);
  expect(find({ ...NO_FILTER, text: ' ' })).toBe(INDEX.samples);
});

test('the boxes of each class are counted', () => {
  expect([...finder().boxesByClass]).toEqual([
    ['cat', 1],
    ['dog', 2],
  ]);
});
