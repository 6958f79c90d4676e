import { expect, test } from 'vitest';
import { confidenceByKey, curvePath, nearestScore, placeOf, toHundredths } from './curve-geometry.ts';

const FRAME = { left: 30, top: 10, width: 200, height: 100 };
const CURVE = { className: null, scores: [0.9, 0.6, 0.3], precisions: [1, 0.8, 0.5], recalls: [0.25, 0.5, 0.75] };

test('recall goes to the right, precision up', () => {
  expect(placeOf(FRAME, 0, 0)).toEqual({ x: 30, y: 110 });
  expect(placeOf(FRAME, 1, 1)).toEqual({ x: 230, y: 10 });
});

test('the line begins at the axis, and an empty curve has none', () => {
  expect(curvePath(FRAME, CURVE)).toBe('M30 10L80 10L130 30L180 60');
  expect(curvePath(FRAME, { className: null, scores: [], precisions: [], recalls: [] })).toBe('');
});

test('a place on the chart leads to the score of the nearest point', () => {
  expect(nearestScore(FRAME, CURVE, 131, 45)).toBe(0.6);
  expect(nearestScore(FRAME, CURVE, 0, 0)).toBe(0.9);
  expect(nearestScore(FRAME, CURVE, 999, 999)).toBe(0.3);
});

test('a confidence set by hand is a whole hundredth that takes in the point', () => {
  expect(toHundredths(0.629, 0.05)).toBe(0.62);
  expect(toHundredths(0.29, 0.05)).toBe(0.29);
  expect(toHundredths(0.01, 0.05)).toBe(0.05);
});

test('keys move by a hundredth or a tenth, and stop at the ends', () => {
  expect(confidenceByKey('ArrowRight', 0.28, 0.05)).toBe(0.29);
  expect(confidenceByKey('ArrowDown', 0.6234, 0.05)).toBe(0.61);
  expect(confidenceByKey('PageDown', 0.1, 0.05)).toBe(0.05);
  expect(confidenceByKey('End', 0.1, 0.05)).toBe(1);
  expect(confidenceByKey('ArrowUp', 1, 0.05)).toBe(1);
  expect(confidenceByKey('a', 0.5, 0.05)).toBeNull();
});
