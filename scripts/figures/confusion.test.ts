import { expect, test } from 'vitest';
import { confusionMatrix } from '../../src/metrics/confusion.ts';
import { confusionFigure } from './confusion.ts';
import { marksOf, textsOf } from './test-svg.ts';

const CLASSES = ['cat', 'missed'];
const BOX = [0, 0, 10, 10] as const;
const ELSEWHERE = [20, 20, 30, 30] as const;

test('each pair of classes has its cell and its count', async () => {
  const truth = (classId: number) => ({ classId, boxXyxy: BOX, difficult: false });
  const found = (classId: number, boxXyxy: typeof BOX | typeof ELSEWHERE = BOX) => ({ classId, score: 0.9, boxXyxy });
  const images = [
    ...Array.from({ length: 4 }, () => ({ truth: [truth(0)], detections: [found(0), found(1, ELSEWHERE)] })),
    ...Array.from({ length: 3 }, () => ({ truth: [truth(0)], detections: [found(1)] })),
    ...Array.from({ length: 2 }, () => ({ truth: [truth(1)], detections: [] })),
  ];
  const { svg, sentence } = await confusionFigure(CLASSES, confusionMatrix(images, 2, { confidence: 0.5 }), 0.5);
  expect(marksOf(svg, 'rect')).toHaveLength(9);
  const texts = textsOf(svg);
  // A class is called like the last column: both are there.
  expect(texts.filter((text) => text === 'missed')).toHaveLength(3);
  expect(texts).toContain('nothing there');
  expect(texts.filter((text) => /^\d+$/.test(text))).toEqual(['4', '3', '2', '4']);
  expect(texts.join(' ')).toContain('a confidence of 0.50 or more');
  expect(sentence).toBe(
    '4 objects were found under their own class, 3 under another, 2 were missed, and 4 boxes stand where nothing is.',
  );
});
