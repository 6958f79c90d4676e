import { describe, expect, test } from 'vitest';
import { type Scalar, type Tensor1D, type Tensor4D, tf } from '../tf/index.ts';
import { sharedGpu } from '../tf/test-gpu.ts';
import { fusedSetLoss } from './set-loss.ts';
import { composed, drawn, type Loss, type Numbers, reference, uploaded, WEIGHTS } from './test-set-loss.ts';

sharedGpu();

const fused: Loss = (logits, boxes, rest, weights) => fusedSetLoss(logits, boxes, ...rest, weights);

interface Results {
  readonly total: number;
  readonly packed: Float32Array;
  readonly dLogits: Float32Array;
  readonly dBoxes: Float32Array;
}

/** The loss and the gradients of `scale` times its total, the way a training step takes them. */
async function computed(loss: Loss, numbers: Numbers, weights = WEIGHTS, scale = 1): Promise<Results> {
  const { logits, boxes, rest } = uploaded(numbers);
  const [variableLogits, variableBoxes] = [tf.variable(logits), tf.variable(boxes)];
  let packed: Tensor1D | undefined;
  const { value, grads } = tf.variableGrads(() => {
    const result = loss(variableLogits as Tensor4D, variableBoxes as Tensor4D, rest, weights);
    packed = tf.keep(result.packed);
    return result.total.mul<Scalar>(scale);
  }, [variableLogits, variableBoxes]);
  const [dLogits, dBoxes] = [grads[variableLogits.name], grads[variableBoxes.name]];
  if (!packed || !dLogits || !dBoxes) throw new Error('A result is missing.');
  expect([dLogits.shape, dBoxes.shape]).toEqual([logits.shape, boxes.shape]);
  const results = {
    total: (await value.data<'float32'>())[0] ?? Number.NaN,
    packed: await packed.data<'float32'>(),
    dLogits: await dLogits.data<'float32'>(),
    dBoxes: await dBoxes.data<'float32'>(),
  };
  tf.dispose([logits, boxes, ...rest, variableLogits, variableBoxes, packed, value, dLogits, dBoxes]);
  return results;
}

/** The derivatives in float64, from differences on both sides. */
function differences(numbers: Numbers, of: 'logits' | 'boxes', weights = WEIGHTS): number[] {
  const step = 1e-6;
  const values = Float64Array.from(numbers[of]);
  const loss = () =>
    reference(
      numbers,
      of === 'logits' ? values : numbers.logits,
      of === 'boxes' ? values : numbers.boxes,
      weights,
    )[0] ?? Number.NaN;
  return Array.from(values, (value, i) => {
    values[i] = value + step;
    const after = loss();
    values[i] = value - step;
    const before = loss();
    values[i] = value;
    return (after - before) / (2 * step);
  });
}

/** Each number within `tolerance` of the one that is wanted, or of 1 where that is larger. */
function expectClose(got: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number): void {
  expect(got.length).toBe(wanted.length);
  let most = 0;
  for (let i = 0; i < wanted.length; i++) {
    const value = wanted[i] ?? Number.NaN;
    most = Math.max(most, Math.abs(value - (got[i] ?? Number.NaN)) / Math.max(Math.abs(value), 1));
  }
  expect(most).toBeLessThan(tolerance);
}

function expectSame(got: Results, wanted: Results): void {
  // Sums of up to 400 terms of either sign, and a log of a sum of up to 92, in f32.
  expectClose([got.total], [wanted.total], 1e-5);
  expectClose(got.packed, wanted.packed, 1e-5);
  // A derivative is at most 1 divided by the class weights of a layer, a few roundings of 6e-8 each.
  expectClose(got.dLogits, wanted.dLogits, 1e-6);
  // Up to 30: divisions by areas down to a hundredth of the picture.
  expectClose(got.dBoxes, wanted.dBoxes, 2e-5);
}

describe.each([
  { why: 'the tiny model', shape: [3, 4, 25, 7], counts: [3, 0, 7, 1] },
  { why: 'DETR on COCO', shape: [6, 4, 100, 92], counts: [20, 1, 0, 63] },
  { why: 'one query', shape: [1, 1, 1, 2], counts: [1] },
  { why: 'odd sizes', shape: [5, 3, 9, 6], counts: [2, 5, 1] },
  {
    why: 'more images than invocations a layer',
    shape: [6, 45, 3, 4],
    counts: Array.from({ length: 45 }, (_, b) => b % 4),
  },
  { why: 'no target at all', shape: [2, 2, 5, 4], counts: [0, 0] },
  { why: 'every query matched', shape: [2, 2, 5, 4], counts: [5, 5] },
  { why: 'more targets than queries', shape: [2, 2, 3, 4], counts: [6, 2] },
] as { why: string; shape: Numbers['shape']; counts: number[] }[])('$why', ({ shape, counts }) => {
  const numbers = drawn(shape, counts);

  test('the terms are those of float64', async () => {
    const { packed, total: value } = await computed(fused, numbers);
    const wanted = reference(numbers, numbers.logits, numbers.boxes);
    expectClose(packed, wanted, 1e-5);
    expect(value).toBe(packed[0]);
    // Counts are exact.
    const [L, B] = shape;
    expectClose(packed.slice(1 + 3 * L), wanted.slice(1 + 3 * L), 1e-6);
    expect(B).toBe(counts.length);
  });

  test('the terms and gradients are those of stock operations', async () => {
    expectSame(await computed(fused, numbers), await computed(composed, numbers));
  });
});

test.each([
  { shape: [2, 3, 7, 5], counts: [2, 4, 0] },
  { shape: [1, 2, 4, 3], counts: [4, 6] },
] as { shape: Numbers['shape']; counts: number[] }[])(
  'the gradients are the differences of float64: $shape',
  async ({ shape, counts }) => {
    const numbers = drawn(shape, counts);
    const { dLogits, dBoxes } = await computed(fused, numbers);
    // The differences are good to 1e-9.
    expectClose(dLogits, differences(numbers, 'logits'), 1e-6);
    expectClose(dBoxes, differences(numbers, 'boxes'), 2e-5);
  },
);

test('the gradient is multiplied by what comes from above', async () => {
  const numbers = drawn([2, 2, 5, 4], [2, 3]);
  const [one, three] = [await computed(fused, numbers), await computed(fused, numbers, WEIGHTS, 3)];
  expectClose(
    three.dLogits,
    one.dLogits.map((value) => 3 * value),
    1e-6,
  );
  expectClose(
    three.dBoxes,
    one.dBoxes.map((value) => 3 * value),
    1e-6,
  );
});

/** One query and one target, with the numbers of both exact in f32. */
function pair(box: number[], target: number[]): Numbers {
  const numbers = drawn([1, 1, 1, 3], [1]);
  numbers.boxes.set(box);
  numbers.targetBoxes.set(target);
  return numbers;
}

describe.each([
  { why: 'equal', box: [0.5, 0.5, 0.25, 0.5], target: [0.5, 0.5, 0.25, 0.5] },
  { why: 'touching at a side', box: [0.25, 0.5, 0.25, 0.5], target: [0.5, 0.625, 0.25, 0.375] },
  { why: 'touching at a corner', box: [0.25, 0.25, 0.25, 0.25], target: [0.5, 0.5, 0.25, 0.25] },
  { why: 'apart', box: [0.125, 0.125, 0.125, 0.125], target: [0.75, 0.625, 0.25, 0.5] },
  { why: 'apart in one direction alone', box: [0.125, 0.5, 0.125, 0.25], target: [0.75, 0.5625, 0.25, 0.5] },
  { why: 'inside, with one side shared', box: [0.375, 0.5, 0.25, 0.25], target: [0.5, 0.5625, 0.5, 0.5] },
  { why: 'around', box: [0.5, 0.5, 0.75, 0.75], target: [0.5, 0.4375, 0.25, 0.5] },
])('boxes that are $why', ({ box, target }) => {
  test('have the GIoU gradient of stock operations', async () => {
    const weights = { ...WEIGHTS, bboxLossCoefficient: 0 };
    const numbers = pair(box, target);
    expectSame(await computed(fused, numbers, weights), await computed(composed, numbers, weights));
  });

  test('have an L1 gradient of 0 in each coordinate that is equal', async () => {
    const { dBoxes } = await computed(fused, pair(box, target), {
      ...WEIGHTS,
      bboxLossCoefficient: 1,
      giouLossCoefficient: 0,
    });
    expect(Array.from(dBoxes, Math.sign)).toEqual(box.map((value, i) => Math.sign(value - (target[i] ?? Number.NaN))));
  });
});

test('logits far apart give finite numbers', async () => {
  const numbers = drawn([1, 2, 3, 4], [1, 2]);
  numbers.logits.forEach((value, i) => {
    numbers.logits[i] = 200 * value;
  });
  const got = await computed(fused, numbers);
  expect(got.packed.every(Number.isFinite) && got.dLogits.every(Number.isFinite)).toBe(true);
  expectSame(got, await computed(composed, numbers));
});

test('a number that is none shows in the total', async () => {
  const numbers = drawn([2, 2, 5, 4], [2, 3]);
  numbers.logits[3] = Number.NaN;
  expect((await computed(fused, numbers)).total).toBeNaN();
});

test('without a tape the results are the caller’s, and nothing else stays', async () => {
  const { logits, boxes, rest } = uploaded(drawn([2, 2, 5, 4], [2, 3]));
  const before = tf.memory().numTensors;
  const loss = fused(logits, boxes, rest, WEIGHTS);
  expect(tf.memory().numTensors).toBe(before + 2);
  const [first] = await loss.packed.data<'float32'>();
  expect((await loss.total.data<'float32'>())[0]).toBe(first);
  tf.dispose([logits, boxes, ...rest, loss.total, loss.packed]);
});

test('the same numbers give the same bits', async () => {
  const numbers = drawn([6, 4, 25, 7], [3, 0, 7, 1]);
  expect(await computed(fused, numbers)).toEqual(await computed(fused, numbers));
});
