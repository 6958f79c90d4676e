import { expect, test } from 'vitest';
import { compareInOrder } from './compare-detections.ts';
import type { DetectedBox } from './types.ts';

const SIZE = { h: 100, w: 200 };
/** Three queries over two classes and "no object": the first class, nothing, the second class. */
const OURS = {
  logits: Float32Array.of(5, 0, 0, 0, 0, 5, 0, 4, 0),
  boxes: Float32Array.of(0.5, 0.5, 0.2, 0.2, 0.5, 0.5, 1, 1, 0.25, 0.5, 0.1, 0.4),
};
const box = (labelId: number, score: number, boxXyxyPx: DetectedBox['boxXyxyPx']): DetectedBox => ({
  label: String(labelId),
  labelId,
  score,
  boxXyxyPx,
});
const odds = (logit: number) => Math.exp(logit) / (Math.exp(logit) + 2);
const THEIRS = [box(0, odds(5), [80, 40, 120, 60]), box(1, odds(4) - 0.01, [40, 30, 60.5, 70])];

test('the same queries are compared in their order, by score and corner', () => {
  const { count, different, score, boxPx } = compareInOrder(OURS, THEIRS, SIZE, 1e-3);
  expect({ count, different }).toEqual({ count: 2, different: 0 });
  expect(score).toBeCloseTo(0.01, 6);
  expect(boxPx).toBeCloseTo(0.5, 4);
});

test.each([
  ['another label', [box(1, odds(5), [80, 40, 120, 60]), THEIRS[1]], 1],
  ['a box that is missing', [THEIRS[0]], 1],
  ['one too many', [...THEIRS, THEIRS[1]], 1],
  ['nothing at all', [], 2],
])('%s counts as different', (_, theirs, different) => {
  const given = theirs.filter((each): each is DetectedBox => each !== undefined);
  expect(compareInOrder(OURS, given, SIZE, 1e-3).different).toBe(different);
});

test('of classes that are as likely either may be named, and a query that may be nothing may be missing', () => {
  const torn = { ...OURS, logits: Float32Array.of(5, 4.9999, 0, 5, 0, 5.0001, 0, 4, 0) };
  const named = [box(1, odds(5), [80, 40, 120, 60]), ...THEIRS.slice(1)];
  expect(compareInOrder(torn, named, SIZE, 1e-3)).toMatchObject({ count: 2, different: 0 });
  const kept = [named[0], box(0, odds(5), [0, 0, 200, 100]), THEIRS[1]].filter((each) => each !== undefined);
  expect(compareInOrder(torn, kept, SIZE, 1e-3)).toMatchObject({ count: 3, different: 0 });
});
