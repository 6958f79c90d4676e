import { expect, test } from 'vitest';
import type { EvalRecord } from '../../src/train/types.ts';
import { averagePrecision } from './average-precision.ts';
import { marksOf, pointsOf, textsOf } from './test-svg.ts';

const NONE = { AP50: null, AP75: null, APs: null, APm: null, APl: null };
const NO_RECALL = { AR1: null, AR10: null, AR100: null, ARs: null, ARm: null, ARl: null };

function record(step: number, map50: number | null, AP: number | null): EvalRecord {
  const coco = { AP, ...NONE, ...NO_RECALL, per_class: {} };
  return { step, eval: { voc: { map50, map50_11_point: map50, per_class: {} }, coco } };
}

test('AP50 and AP run over the steps, and the best AP50 is marked', async () => {
  const { svg, sentence } = await averagePrecision([record(0, 0.1, 0.05), record(50, 0.4, 0.2), record(100, 0.2, 0.3)]);
  const [ap50, ap] = marksOf(svg, 'line').map(pointsOf);
  const height = (point: readonly number[] | undefined) => 320 - (point?.[1] ?? 0);
  expect(height(ap50?.[1]) / height(ap50?.[0])).toBeCloseTo(4, 3);
  expect(height(ap?.[2]) / height(ap?.[0])).toBeCloseTo(6, 3);
  expect(ap50?.[1]?.[0]).toBeCloseTo((ap50?.[2]?.[0] ?? 0) / 2, 3);
  expect(marksOf(svg, 'symbol')).toHaveLength(6);
  expect(marksOf(svg, 'rule')).toHaveLength(1);
  expect(textsOf(svg).join(' ')).toContain('best AP50 0.400 at step 50');
  expect(sentence).toContain('The best is 0.40, at step 50.');
});

test('what could not be measured has no point', async () => {
  const { svg } = await averagePrecision([record(0, null, null), record(50, 0.4, null)]);
  expect(marksOf(svg, 'symbol')).toHaveLength(1);
  expect(svg).not.toMatch(/NaN|null/);
});
