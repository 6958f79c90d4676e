import { expect, test } from 'vitest';
import type { StepRecord } from '../../src/train/types.ts';
import { lossCurves } from './loss-curves.ts';
import { marksOf, pointsOf, textsOf } from './test-svg.ts';

const NO_LINE = { d: '', fill: null, stroke: null };

function record(step: number, loss: number, terms: Partial<StepRecord> = {}): StepRecord {
  return {
    step,
    epoch: step / 10,
    loss,
    loss_ce: 2,
    loss_bbox: 0.5,
    loss_giou: 1,
    cardinality_error: 0,
    class_error: 0,
    lr: 1e-4,
    grad_norm: 1,
    images_per_second: 1,
    ...terms,
  };
}

test('each step has its place on a logarithmic axis', async () => {
  const { svg } = await lossCurves([record(10, 16), record(20, 4), record(30, 1)]);
  const [each, total, ...terms] = marksOf(svg, 'line');
  expect(terms.map(({ stroke }) => stroke)).toEqual(['#0072b2', '#e69f00', '#009e73']);
  const points = pointsOf(each ?? NO_LINE);
  const [[x10 = 0, y16 = 0] = [], [x20 = 0, y4 = 0] = [], [x30 = 0, y1 = 0] = []] = points;
  expect(points).toHaveLength(3);
  expect(x20 - x10).toBeCloseTo(x30 - x20, 2);
  expect(y1).toBeGreaterThan(y4);
  expect(y4 - y16).toBeCloseTo(y1 - y4, 2); // a fourth each time
  expect(pointsOf(total ?? NO_LINE)[0]).toEqual(points[0]);
});

test('it says the last loss and the names of the terms', async () => {
  const texts = textsOf((await lossCurves([record(1, 16), record(1200, 3.456)])).svg);
  expect(texts).toContain('Loss');
  expect(texts.join(' ')).toContain('total 3.46 at step 1,200');
  expect(texts).toEqual(expect.arrayContaining(['total', 'class', 'box L1', 'GIoU', 'step']));
});

test('a step without a number, or with a loss of 0, spoils no other', async () => {
  const spoilt = record(2, Number.NaN);
  const { svg } = await lossCurves([record(1, 8, { loss_bbox: 0 }), spoilt, record(3, 4, { loss_bbox: 0.5 })]);
  expect(svg).not.toContain('NaN');
  expect(marksOf(svg, 'line').map((line) => pointsOf(line).length)).toEqual([2, 2, 2, 1, 2]);
});
