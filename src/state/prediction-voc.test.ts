import { expect, test } from 'vitest';
import { readVocAnnotation } from '../data/voc-xml.ts';
import type { DetectedBox } from '../rpc/protocol.ts';
import { predictionVocXml } from './prediction-voc.ts';

const SIZE = { h: 100, w: 200 };

function found(boxXyxyPx: DetectedBox['boxXyxyPx'], part: Partial<DetectedBox> = {}): DetectedBox {
  return { label: 'cat', labelId: 0, score: 0.9, boxXyxyPx, ...part };
}

/** What the importer of data sets reads from it. */
function readBack(detections: readonly DetectedBox[], threshold = 0.5) {
  const prediction = { size: SIZE, detections, elapsedMs: 1 };
  return readVocAnnotation(new TextEncoder().encode(predictionVocXml({ name: 'a.jpg', prediction }, threshold)));
}

const cornersOf = (...detections: DetectedBox[]) => readBack(detections).objects.map((o) => o.cornersInclusivePx);

test('corners are 1-based and inclusive, so that the importer reads the box that was found', () => {
  expect(cornersOf(found([0, 0, 200, 100]))).toEqual([[1, 1, 200, 100]]);
  expect(cornersOf(found([10, 20, 30, 40]))).toEqual([[11, 21, 30, 40]]);
});

test('boxes are clamped to the picture, and those outside of it are left out', () => {
  expect(cornersOf(found([-5, -3, 250.4, 60.2]))).toEqual([[1, 1, 200, 60]]);
  expect(cornersOf(found([-9, 0, -1, 10]), found([200, 0, 230, 10]))).toEqual([]);
  expect(cornersOf(found([199.7, 50.1, 199.9, 50.2]))).toEqual([[200, 51, 200, 51]]);
});

test('what is not above the threshold is left out', () => {
  expect(readBack([found([0, 0, 9, 9], { score: 0.5 }), found([0, 0, 8, 8], { score: 0.51 })]).objects).toHaveLength(1);
});

test('the size and names with any characters come back as they were', () => {
  const label = `a <b> & "c" 'd' ü 猫`;
  const read = readBack([found([0, 0, 9, 9], { label: `${label}\u0000\u0007` })]);
  expect(read.declaredSize).toEqual(SIZE);
  expect(read.objects[0]?.className).toBe(label);
});
