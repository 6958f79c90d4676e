import { expect, test } from 'vitest';
import type { DataSetIndex, Sample } from '../rpc/protocol.ts';
import { boxSize, problemsBySample } from './sample-filter.ts';

test('sizes are those of COCO', () => {
  expect([32, 33, 96, 97].map((side) => boxSize([0, 0, side, side]))).toEqual(['small', 'medium', 'medium', 'large']);
});

test('of pictures with one name in several folders only the one in the folder of the problem has it', () => {
  const sample = (id: string): Sample => ({
    id,
    imagePath: `${id}.jpg`,
    size: { h: 200, w: 200 },
    labelled: true,
    objects: [],
  });
  const index: DataSetIndex = {
    id: 'set',
    name: 'set',
    hash: '',
    classes: [],
    samples: [sample('VOC2007/1'), sample('VOC2012/1')],
    splits: {},
    problems: [{ file: 'VOCdevkit/VOC2007/Annotations/1.xml', severity: 'warning', reason: 'A box was clamped.' }],
  };
  expect([...problemsBySample(index).keys()]).toEqual(['VOC2007/1']);
});
