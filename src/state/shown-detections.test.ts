import { expect, test } from 'vitest';
import type { Prediction } from '../rpc/protocol.ts';
import { predictionsJson, shownDetections } from './shown-detections.ts';

const prediction: Prediction = {
  size: { h: 160, w: 200 },
  elapsedMs: 12,
  detections: [
    { label: 'cat', labelId: 2, score: 0.9, boxXyxyPx: [1, 2, 30, 40] },
    { label: 'dog', labelId: 3, score: 0.5, boxXyxyPx: [-1, 5, 6, 7] },
    { label: 'cat', labelId: 2, score: 0.06, boxXyxyPx: [0, 0, 9, 9] },
  ],
};

test('what is above the threshold is shown, with its place among all, as on the command line', () => {
  expect(shownDetections(prediction, 0.49).map(({ index }) => index)).toEqual([0, 1]);
  expect(shownDetections(prediction, 0.5).map(({ index }) => index)).toEqual([0]);
  expect(shownDetections(null, 0.1)).toEqual([]);
});

test('the JSON is that of the command line, for one picture and for several', () => {
  const expected = {
    image: 'a.jpg',
    width: 200,
    height: 160,
    detections: [{ label: 'cat', score: 0.9, box: { xmin: 1, ymin: 2, xmax: 30, ymax: 40 } }],
  };
  const named = { name: 'a.jpg', prediction };
  expect(JSON.parse(predictionsJson([named], 0.7))).toEqual([expected]);
  expect(JSON.parse(predictionsJson([named, { name: 'b.jpg', prediction }], 0.9))).toMatchObject([
    { image: 'a.jpg', detections: [] },
    { image: 'b.jpg', detections: [] },
  ]);
});
