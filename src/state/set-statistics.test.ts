import { expect, test } from 'vitest';
import type { DataSetIndex, Sample } from '../rpc/protocol.ts';
import { CENTRE_CELLS, setStatistics, trainFirst } from './set-statistics.ts';

type Box = readonly [string, number, number, number, number];

const sample = (id: string, boxes: readonly Box[], labelled = true): Sample => ({
  id,
  imagePath: `${id}.jpg`,
  size: { h: 100, w: 200 },
  labelled,
  objects: boxes.map(([className, ...boxXyxyPx]) => ({ className, boxXyxyPx, difficult: true, truncated: false })),
});

const set = (samples: readonly Sample[], splits: DataSetIndex['splits'] = {}): DataSetIndex => ({
  id: 'set',
  name: 'set',
  hash: '',
  classes: ['cat', 'dog'],
  samples,
  splits,
  problems: [],
});

test('boxes are counted by class and split, pictures once a class', () => {
  const found = setStatistics(
    set(
      [
        sample('a', [
          ['cat', 0, 0, 10, 10],
          ['cat', 0, 0, 10, 10],
          ['dog', 0, 0, 10, 10],
        ]),
        sample('b', [['cat', 0, 0, 10, 10]]),
        sample('c', []),
        sample('d', [], false),
      ],
      { val: ['b'], train: ['a', 'c'], trainval: ['a', 'b', 'c'] },
    ),
  );
  expect(found.splits).toEqual(['train', 'val', 'trainval']);
  expect(found.classes).toEqual([
    { name: 'cat', labelId: 0, boxes: 3, pictures: 2, boxesBySplit: [2, 1, 3] },
    { name: 'dog', labelId: 1, boxes: 1, pictures: 1, boxesBySplit: [1, 0, 1] },
  ]);
  expect(found).toMatchObject({ pictures: 4, boxes: 4, empty: 1, unlabelled: 1, difficult: 4, truncated: 0 });
  expect(found.perPicture.slice(0, 4).map(({ count }) => count)).toEqual([1, 1, 0, 1]);
});

test('every box stands in one bar of each histogram, those past the end in the last', () => {
  const boxes: Box[] = Array.from({ length: 300 }, (_, index) => ['cat', 0, 0, 1 + (index % 20), 4]);
  const found = setStatistics(set([sample('a', [...boxes, ['cat', 0, 0, 200, 100]])]));
  for (const bars of [found.boxSides, found.aspects]) {
    expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(301);
  }
  expect(found.boxSides.at(-1)?.count).toBeGreaterThanOrEqual(1);
  expect(found.perPicture.at(-1)).toMatchObject({ from: 12, count: 1 });
  expect(found.perPictureCut).toBe(true);
});

test('a square box stands in the middle of the aspects, one twice as wide four bars to the right', () => {
  const { aspects, aspectMedian, boxSideMedian } = setStatistics(
    set([
      sample('a', [
        ['cat', 0, 0, 30, 30],
        ['cat', 0, 0, 60, 30],
      ]),
    ]),
  );
  const bars = aspects.flatMap(({ count }, bar) => (count > 0 ? [bar] : []));
  expect(bars).toEqual([10, 14]);
  expect(aspectMedian).toBeCloseTo(Math.SQRT2);
  expect(boxSideMedian).toBeCloseTo((30 + Math.sqrt(1800)) / 2);
});

test('a centre is a fraction of its own picture, and one on the edge stays inside', () => {
  const { centres } = setStatistics(
    set([
      sample('a', [
        ['cat', 0, 0, 2, 2],
        ['cat', 200, 100, 200, 100],
      ]),
    ]),
  );
  expect(centres[0]).toBe(1);
  expect(centres[CENTRE_CELLS * CENTRE_CELLS - 1]).toBe(1);
});

test('a set without a picture has figures too', () => {
  const found = setStatistics(set([]));
  expect(found).toMatchObject({ pictures: 0, boxes: 0, boxSideMedian: null, aspectMedian: null });
});

test('splits come in the order in which they are used', () => {
  expect(trainFirst(['b', 'val', 'trainval', 'a', 'train'])).toEqual(['train', 'val', 'a', 'b', 'trainval']);
});
