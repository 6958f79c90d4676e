import { expect, test } from 'vitest';
import type { DataSetIndex, Sample } from '../rpc/protocol.ts';
import { boxSize, filterSamples, NO_FILTER, problemsBySample, type SampleFilter } from './sample-filter.ts';

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

function ids(filter: Partial<SampleFilter>): string[] {
  return filterSamples(INDEX, { ...NO_FILTER, ...filter }, problemsBySample(INDEX)).map(({ id }) => id);
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

test('sizes are those of COCO', () => {
  expect([32, 33, 96, 97].map((side) => boxSize([0, 0, side, side]))).toEqual(['small', 'medium', 'medium', 'large']);
});

test('of pictures with one name in several folders only the one in the folder of the problem has it', () => {
  const problems = [
    { file: 'VOCdevkit/VOC2007/Annotations/1.xml', severity: 'warning', reason: 'A box was clamped.' },
  ] as const;
  const found = problemsBySample({ ...INDEX, samples: [sample('VOC2007/1'), sample('VOC2012/1')], problems });
  expect([...found.keys()]).toEqual(['VOC2007/1']);
});
