import { expect, test } from 'vitest';
import { hash32, unitFloat } from '../base/hash.ts';
import { confusionMatrix } from './confusion.ts';
import { CAT, DOG, found, there } from './test-boxes.ts';
import type { ImageBoxes } from './types.ts';

const NONE = 2;

const countsOf = (images: readonly ImageBoxes[], confidence = 0.5) =>
  confusionMatrix(images, 2, { confidence }).cells.map((row) => row.map(({ count }) => count));

test('right, taken for another, found where nothing is, and missed', () => {
  const image = {
    truth: [there(CAT, 0), there(CAT, 100), there(DOG, 200)],
    detections: [found(CAT, 0, 0.9), found(DOG, 100, 0.8), found(DOG, 500, 0.7), found(DOG, 200, 0.4)],
  };
  expect(countsOf([image])).toEqual([
    [1, 1, 0],
    [0, 0, 1],
    [0, 1, 0],
  ]);
  expect(countsOf([image], 0.3)[DOG]).toEqual([0, 1, 0]);
});

test('a box goes to the best detection, and the next best one stands where nothing is left', () => {
  const image = { truth: [there(CAT, 0)], detections: [found(CAT, 1, 0.6), found(DOG, 0, 0.9)] };
  expect(countsOf([image])).toEqual([
    [0, 1, 0],
    [0, 0, 0],
    [1, 0, 0],
  ]);
});

test('of two boxes at one place a detection takes that of its own class, wherever it stands', () => {
  for (const truth of [
    [there(CAT, 0), there(DOG, 0)],
    [there(DOG, 0), there(CAT, 0)],
  ]) {
    expect(countsOf([{ truth, detections: [found(DOG, 0, 0.9)] }])).toEqual([
      [0, 0, 1],
      [0, 1, 0],
      [0, 0, 0],
    ]);
  }
});

test('the overlap decides: half of the union is enough, less is not', () => {
  const shifted = (x: number) => countsOf([{ truth: [there(CAT, 0)], detections: [found(CAT, x, 0.9)] }]);
  expect(shifted(3)[CAT]).toEqual([1, 0, 0]);
  expect(shifted(4)).toEqual([
    [0, 0, 1],
    [0, 0, 0],
    [1, 0, 0],
  ]);
});

test('difficult boxes and what was found on them are not counted', () => {
  const image = { truth: [there(CAT, 0, true)], detections: [found(DOG, 0, 0.9), found(CAT, 0, 0.8)] };
  expect(
    countsOf([image])
      .flat()
      .every((count) => count === 0),
  ).toBe(true);
});

test('the images behind a cell are told, each once', () => {
  const wrong = { truth: [there(CAT, 0), there(CAT, 100)], detections: [found(DOG, 0, 0.9), found(DOG, 100, 0.9)] };
  const empty = { truth: [], detections: [] };
  const { cells } = confusionMatrix([empty, wrong, wrong], 2, { confidence: 0.5 });
  expect(cells[CAT]?.[DOG]).toEqual({ count: 4, images: [1, 2] });
});

test('rows sum to the boxes that are there, columns to those that were found', () => {
  const random = (...at: number[]): number =>
    unitFloat(
      hash32(
        5,
        at.reduce((sum, x) => sum * 1000 + x, 1),
      ),
    );
  const images = Array.from(
    { length: 30 },
    (_, i): ImageBoxes => ({
      truth: Array.from({ length: 6 }, (_, k) => there(Math.floor(random(i, k, 1) * 2), random(i, k, 2) * 60)),
      detections: Array.from({ length: 9 }, (_, k) =>
        found(Math.floor(random(i, k, 3) * 2), random(i, k, 4) * 60, random(i, k, 5)),
      ),
    }),
  );
  const counts = countsOf(images, 0.3);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  for (const classId of [CAT, DOG]) {
    const truth = images.flatMap((image) => image.truth).filter((box) => box.classId === classId);
    const detections = images
      .flatMap((image) => image.detections)
      .filter((box) => box.classId === classId && box.score >= 0.3);
    expect(sum(counts[classId] ?? [])).toBe(truth.length);
    expect(sum(counts.map((row) => row[classId] ?? 0))).toBe(detections.length);
  }
  expect(counts[NONE]?.[NONE]).toBe(0);
});
