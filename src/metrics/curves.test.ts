import { expect, test } from 'vitest';
import { hash32, unitFloat } from '../base/hash.ts';
import { bestF1, pointAt, precisionRecallCurves } from './curves.ts';
import { MOST_POINTS } from './thin-curve.ts';
import type { Detection, GroundTruth, PrecisionRecallCurve } from './types.ts';
import { evaluateVoc } from './voc-ap.ts';

const at = (x: number): readonly [number, number, number, number] => [x, 0, x + 10, 10];
const found = (classId: number, x: number, score: number, imageId = 0): Detection => ({
  imageId,
  classId,
  score,
  boxXyxy: at(x),
});
const there = (classId: number, x: number, imageId = 0, difficult = false): GroundTruth => ({
  imageId,
  classId,
  boxXyxy: at(x),
  difficult,
});

function curveOf(curves: readonly PrecisionRecallCurve[], at: number): PrecisionRecallCurve {
  const curve = curves[at];
  if (curve === undefined) throw new Error(`no curve ${at}`);
  return curve;
}

test('a curve of three boxes, by hand', () => {
  const truth = [there(0, 0), there(0, 100), there(1, 200)];
  const detections = [found(0, 0, 0.9), found(0, 50, 0.8), found(0, 100, 0.7), found(1, 200, 0.85)];
  const curves = precisionRecallCurves(detections, truth, ['cat', 'dog']);
  expect(curves.map(({ className }) => className)).toEqual([null, 'cat', 'dog']);
  expect(curveOf(curves, 1)).toEqual({
    className: 'cat',
    scores: [0.9, 0.8, 0.7],
    precisions: [1, 1 / 2, 2 / 3],
    recalls: [1 / 2, 1 / 2, 1],
  });
  expect(curveOf(curves, 0)).toEqual({
    className: null,
    scores: [0.9, 0.85, 0.8, 0.7],
    precisions: [1, 1, 2 / 3, 3 / 4],
    recalls: [1 / 3, 2 / 3, 2 / 3, 1],
  });
});

test('difficult boxes count neither for nor against', () => {
  const truth = [there(0, 0), there(0, 100, 0, true)];
  const [all] = precisionRecallCurves([found(0, 100, 0.9), found(0, 0, 0.8)], truth, ['cat']);
  expect(all).toMatchObject({ scores: [0.8], precisions: [1], recalls: [1] });
});

test('boxes of one score are taken together, and a class without true boxes has no curve', () => {
  const curves = precisionRecallCurves(
    [found(0, 0, 0.5), found(0, 50, 0.5), found(1, 0, 0.9)],
    [there(0, 0)],
    ['cat', 'dog'],
  );
  expect(curveOf(curves, 1)).toMatchObject({ scores: [0.5], precisions: [0.5], recalls: [1] });
  expect(curveOf(curves, 2)).toMatchObject({ scores: [] });
});

test('the best F1 is found with its confidence', () => {
  const truth = [there(0, 0), there(0, 100), there(0, 200), there(0, 300)];
  const detections = [found(0, 0, 0.9), found(0, 100, 0.8), found(0, 200, 0.6), found(0, 50, 0.5), found(0, 60, 0.4)];
  const [all] = precisionRecallCurves(detections, truth, ['cat']);
  expect(all && bestF1(all)).toEqual({ confidence: 0.6, precision: 1, recall: 0.75, f1: 1.5 / 1.75 });
  expect(all && pointAt(all, 0.8)).toMatchObject({ precision: 1, recall: 0.5 });
  expect(all && pointAt(all, 0.45)).toMatchObject({ precision: 0.75, recall: 0.75 });
  expect(all && pointAt(all, 0.95)).toMatchObject({ precision: null, recall: 0, f1: 0 });
  expect(bestF1({ className: null, scores: [], precisions: [], recalls: [] })).toBeNull();
});

test('a long curve is thinned without losing its area, its best F1, or any whole hundredth of confidence', () => {
  const truth = Array.from({ length: 600 }, (_, i) => there(0, 0, i));
  const detections = Array.from({ length: 2400 }, (_, i) => {
    const score = unitFloat(hash32(7, i));
    const right = i < 600 && unitFloat(hash32(8, i)) < 0.4 + 0.6 * score;
    return found(0, right ? 0 : 5000 + 20 * i, right ? score : score ** 2, i % 600);
  });
  const [thinned] = precisionRecallCurves(detections, truth, ['cat']);
  const [result] = evaluateVoc(detections, truth, 1).perClass;
  if (thinned === undefined || result === undefined) throw new Error('no curve');
  expect(thinned.scores.length).toBeLessThanOrEqual(MOST_POINTS);

  let envelope = 0;
  let area = 0;
  for (let i = thinned.scores.length - 1; i >= 0; i -= 1) {
    envelope = Math.max(envelope, thinned.precisions[i] ?? 0);
    area += ((thinned.recalls[i] ?? 0) - (thinned.recalls[i - 1] ?? 0)) * envelope;
  }
  expect(Math.abs(area - (result.ap ?? 0))).toBeLessThan(0.005);

  const exact = (confidence: number) => {
    const taken = result.decisions.filter((_, i) => (result.scores[i] ?? 0) >= confidence);
    const hits = taken.filter((decision) => decision === 'tp').length;
    return { precision: hits / taken.length, recall: hits / result.npos };
  };
  for (const hundredth of [5, 20, 37, 50, 62, 80, 95]) {
    expect(pointAt(thinned, hundredth / 100)).toMatchObject(exact(hundredth / 100));
  }
  const best = bestF1(thinned);
  const bestOfAll = Math.max(
    ...result.scores.map((score) => {
      const { precision, recall } = exact(score);
      return (2 * precision * recall) / (precision + recall || 1);
    }),
  );
  expect(best?.f1).toBeCloseTo(bestOfAll, 10);
});
