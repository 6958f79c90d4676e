import { expect, test } from 'vitest';
import { describeWithFixture, readJson } from '../base/test-fixtures.ts';
import {
  type CocoAnnotation,
  cropBoxes,
  flipBoxes,
  fromCoco,
  type LabelledBoxes,
  labelsOf,
  resizeBoxes,
  toTarget,
} from './transforms.ts';

interface Result {
  readonly boxes: readonly (readonly number[])[];
  readonly labels: readonly number[];
  readonly area: readonly number[];
}

type Case =
  | { op: 'convert'; image_wh: [number, number]; annotations: CocoAnnotation[]; result: Result }
  | { op: 'crop'; region_top_left_h_w: [number, number, number, number]; result: Result }
  | { op: 'resize'; out_wh: [number, number]; result: Result }
  | { op: 'hflip' | 'normalize'; result: Result };

describeWithFixture('golden/ops/transforms.json', 'transforms against the original', (path) => {
  const cases = readJson<readonly Case[]>(path);
  const convert = cases.find((c) => c.op === 'convert');
  if (convert?.op !== 'convert') throw new Error('no convert case');
  const [w, h] = convert.image_wh;
  const start = fromCoco(convert.annotations, { h, w });

  test.each(cases)('$op', (c) => {
    if (c.op === 'normalize') {
      expect([...toTarget(start).boxesCxcywhNorm]).toEqual(c.result.boxes.flat());
      return;
    }
    const result = apply(c, start);
    // Each is 32-bit arithmetic in the original's own order: equal to the last bit.
    expect([...result.boxesXyxyPx]).toEqual(c.result.boxes.flat());
    expect([...result.classIds]).toEqual(c.result.labels);
    result.areas.forEach((area, i) => {
      expect(area / (c.result.area[i] ?? 0)).toBeCloseTo(1, 6);
    });
  });
});

function apply(c: Case, start: LabelledBoxes): LabelledBoxes {
  switch (c.op) {
    case 'hflip':
      return flipBoxes(start);
    case 'crop': {
      const [top, left, h, w] = c.region_top_left_h_w;
      return cropBoxes(start, top, left, { h, w });
    }
    case 'resize':
      return resizeBoxes(start, { h: c.out_wh[1], w: c.out_wh[0] });
    default:
      return start;
  }
}

test('a mirrored target has its centres mirrored and all else as before', () => {
  const object = { className: 'b', boxXyxyPx: [10, 20, 30, 80], difficult: true, truncated: false } as const;
  const classes = new Map([
    ['a', 0],
    ['b', 1],
  ]);
  const size = { h: 100, w: 200 };
  const labels = labelsOf([object], size, classes);
  const plain = toTarget(labels);
  const mirrored = toTarget(flipBoxes(labels));
  expect([...plain.classIds]).toEqual([1]);
  expect([...labels.areas]).toEqual([1200]);
  expect([...plain.boxesCxcywhNorm]).toEqual([Math.fround(0.1), 0.5, Math.fround(0.1), Math.fround(0.6)]);
  expect([...mirrored.boxesCxcywhNorm]).toEqual([Math.fround(0.9), 0.5, Math.fround(0.1), Math.fround(0.6)]);
});
