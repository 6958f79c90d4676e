import { expect, test } from 'vitest';
import { precisionRecallCurves } from '../../src/metrics/curves.ts';
import { evaluateDetections } from '../../src/metrics/report.ts';
import { precisionRecall } from './precision-recall.ts';
import { marksOf, pointsOf, textsOf } from './test-svg.ts';

const CLASSES = ['cat', 'dog <small> & "quick"', 'cow'];

test('each class has a panel with its curve, its AP50 and its number of boxes', async () => {
  const box = [0, 0, 10, 10] as const;
  const elsewhere = [20, 20, 30, 30] as const;
  const groundTruth = [
    { imageId: 0, classId: 0, boxXyxy: box },
    { imageId: 1, classId: 0, boxXyxy: box },
    { imageId: 0, classId: 1, boxXyxy: elsewhere },
  ];
  const detections = [
    { imageId: 0, classId: 0, score: 0.9, boxXyxy: box },
    { imageId: 1, classId: 0, score: 0.8, boxXyxy: elsewhere },
    { imageId: 1, classId: 0, score: 0.7, boxXyxy: box },
  ];
  const { voc } = evaluateDetections({ detections, groundTruth, classes: CLASSES });
  const { svg } = await precisionRecall(precisionRecallCurves(detections, groundTruth, CLASSES), voc);
  const texts = textsOf(svg);
  expect(texts).toEqual(expect.arrayContaining(['cat', 'AP50 0.833, 2 boxes', 'AP50 0.000, 1 box']));
  expect(texts).toEqual(expect.arrayContaining(['dog <small> & "quick"', 'nothing was found']));
  expect(texts).toContain('no such objects here');

  // The curve of all classes is drawn in each panel, that of the cat in its own, in its colour.
  const cat = marksOf(svg, 'line').filter(({ stroke }) => stroke === '#0072b2');
  expect(cat).toHaveLength(1);
  const points = cat.flatMap(pointsOf);
  const [width = 0] = points.at(-1) ?? []; // recall 1
  const height = points[0]?.[1] === 0 ? 190 : Number.NaN; // precision 1 lies on top
  const read = points.map(([x, y]) => [x / width, 1 - y / height].map((value) => Math.round(value * 1000) / 1000));
  expect(read).toEqual([
    [0, 1],
    [0.5, 1],
    [0.5, 0.5],
    [1, 0.667],
  ]);
});
