import { expect, test } from 'vitest';
import { ERROR_KINDS, errorKinds } from './error-kinds.ts';
import { pictureCost, worstFirst } from './picture-cost.ts';
import { CAT, DOG, found, there } from './test-boxes.ts';
import type { FoundBox, ImageBoxes, TrueBox } from './types.ts';

const kindsOf = (truth: readonly TrueBox[], detections: readonly FoundBox[]) => {
  const counts = errorKinds([{ truth, detections }], 0.5);
  return Object.fromEntries(
    ERROR_KINDS.filter((kind) => counts[kind].count > 0).map((kind) => [kind, counts[kind].count]),
  );
};

test('no mistake, no kind', () => {
  expect(kindsOf([there(CAT, 0)], [found(CAT, 0)])).toEqual({});
});

test.each([
  ['the right place under a wrong name; the box is not missed too', [there(CAT, 0)], [found(DOG, 0)], { class: 1 }],
  [
    'the right name at a place that is off; the box is not missed too',
    [there(CAT, 0)],
    [found(CAT, 5)],
    { localisation: 1 },
  ],
  ['both wrong', [there(CAT, 0)], [found(DOG, 5)], { both: 1, missed: 1 }],
  ['found twice', [there(CAT, 0)], [found(CAT, 0), found(CAT, 1, 0.8)], { duplicate: 1 }],
  ['found where nothing is', [there(CAT, 0)], [found(CAT, 0), found(CAT, 50)], { background: 1 }],
  ['hardly touching is background', [there(CAT, 0)], [found(CAT, 0), found(DOG, 9)], { background: 1 }],
  ['not found', [there(CAT, 0)], [], { missed: 1 }],
  ['too unsure to count', [there(CAT, 0)], [found(CAT, 0, 0.4)], { missed: 1 }],
] as const)('%s', (_, truth, detections, expected) => {
  expect(kindsOf(truth, detections)).toEqual(expected);
});

test('difficult boxes count neither for nor against', () => {
  const truth = [there(CAT, 0, true)];
  expect(kindsOf(truth, [found(CAT, 0)])).toEqual({});
  expect(kindsOf(truth, [found(DOG, 0)])).toEqual({});
  expect(kindsOf(truth, [])).toEqual({});
  expect(pictureCost({ truth, detections: [found(CAT, 0), found(CAT, 1, 0.8)] }, 0.5).cost).toBe(0);
});

test('images are told by their indices', () => {
  const fine: ImageBoxes = { truth: [], detections: [] };
  const bad: ImageBoxes = { truth: [], detections: [found(CAT, 0), found(DOG, 70)] };
  expect(errorKinds([fine, bad, fine, bad], 0.5).background).toEqual({ count: 4, images: [1, 3] });
});

test('a picture costs the scores of what is wrong and 1 for each missed box, and the worst comes first', () => {
  const fine: ImageBoxes = { truth: [there(CAT, 0)], detections: [found(CAT, 0)] };
  const unsure: ImageBoxes = { truth: [], detections: [found(CAT, 0, 0.6)] };
  const sure: ImageBoxes = { truth: [], detections: [found(CAT, 0, 0.95)] };
  const swapped: ImageBoxes = { truth: [there(CAT, 0)], detections: [found(DOG, 0, 0.75)] };
  expect(pictureCost(swapped, 0.5)).toEqual({ cost: 1.75, wrong: 1, missed: 1 });
  expect(worstFirst([fine, unsure, swapped, sure], 0.5).map(({ image }) => image)).toEqual([2, 3, 1, 0]);
  expect(pictureCost(unsure, 0.7).cost).toBe(0);
});
