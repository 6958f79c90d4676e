import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { tf } from '../tf/index.ts';
import { sharedGpu } from '../tf/test-gpu.ts';
import { matchCost, matchCostComposed } from './match-cost.ts';

sharedGpu();

const [L, B, Q, T, C] = [2, 3, 7, 5, 4];
const WEIGHTS = { classCost: 1, bboxCost: 5, giouCost: 2 };

test('the cost of each pair is that of stock operations', async () => {
  const random = seededRandom(1);
  const draw = (n: number, f: () => number) => Float32Array.from({ length: n }, f);
  const logits = tf.tensor4d(
    draw(L * B * Q * (C + 1), () => 8 * random.uniform() - 4),
    [L, B, Q, C + 1],
  );
  const boxes = tf.tensor4d(
    draw(L * B * Q * 4, () => 0.05 + 0.9 * random.uniform()),
    [L, B, Q, 4],
  );
  const ids = Int32Array.from({ length: B * (T + 1) }, () => random.below(C));
  const classIds = tf.tensor2d(ids, [B, T + 1], 'int32');
  const targets = tf.tensor3d(
    draw(B * (T + 1) * 4, () => 0.05 + 0.9 * random.uniform()),
    [B, T + 1, 4],
  );
  const ours = matchCost(logits, boxes, classIds, targets, WEIGHTS);
  const composed = matchCostComposed(logits, boxes, classIds, targets, WEIGHTS);
  expect(ours.shape).toEqual([L, B, Q, T]);
  const [a, b] = [await ours.data<'float32'>(), await composed.data<'float32'>()];
  // Sums of a few terms up to ten, in f32.
  a.forEach((value, i) => {
    expect(Math.abs(value - (b[i] ?? Number.NaN))).toBeLessThan(1e-5);
  });
  tf.dispose([logits, boxes, classIds, targets, ours, composed]);
});
