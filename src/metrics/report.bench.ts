import { bench } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { evaluateDetections } from './report.ts';
import type { Detection, GroundTruth } from './types.ts';

const IMAGES = 5000;
const classes = Array.from({ length: 20 }, (_, index) => `class ${index}`);
const random = seededRandom(1);

function randomBox(imageId: number): GroundTruth {
  const [x, y, w, h] = [400 * random.uniform(), 400 * random.uniform(), 90 * random.uniform(), 90 * random.uniform()];
  return { imageId, classId: random.below(classes.length), boxXyxy: [x, y, x + 10 + w, y + 10 + h] };
}

const groundTruth = Array.from({ length: 3 * IMAGES }, (_, index) => randomBox(index % IMAGES));
const detections = Array.from({ length: 100 * IMAGES }, (_, index): Detection => {
  return { ...randomBox(index % IMAGES), score: random.uniform() };
});

// Run by `npx vitest bench --project unit src/metrics`.
bench(
  '5,000 images, 20 classes, 100 detections an image',
  () => {
    evaluateDetections({ detections, groundTruth, classes });
  },
  { iterations: 3, warmupIterations: 0, warmupTime: 0, time: 0 },
);
