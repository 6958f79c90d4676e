import { expect, test } from 'vitest';
import { type Tensor1D, tf } from '../tf/index.ts';
import { sharedGpu } from '../tf/test-gpu.ts';
import { dropout, dropoutMask, stepInput } from './dropout.ts';

sharedGpu();

const KEY = { seed: 7, step: 3, place: 65_536 };

async function run(key: typeof KEY, rate: number, size: number): Promise<Float32Array> {
  const x = tf.ones([size]) as Tensor1D;
  const step = stepInput(key.step);
  const y = dropout(x, rate, { ...key, step });
  step.dispose();
  const data = Float32Array.from(await y.data());
  tf.dispose([x, y]);
  return data;
}

test('the GPU draws bit for bit the mask of the CPU', async () => {
  // More than one row of workgroups.
  const size = 32_768 * 64 + 1000;
  const expected = dropoutMask(size, 0.1, KEY);
  const different = (await run(KEY, 0.1, size)).filter((value, i) => value !== expected[i]);
  expect(different.length).toBe(0);
});

test('the share that is dropped is the rate, and the mean stays', async () => {
  const size = 200_000;
  const y = await run(KEY, 0.3, size);
  const dropped = y.filter((value) => value === 0).length / size;
  // Four deviations of a share of 200,000 draws.
  expect(Math.abs(dropped - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / size));
  expect(Math.abs(y.reduce((sum, value) => sum + value, 0) / size - 1)).toBeLessThan(0.01);
});

test('seed, step and place each give another mask', async () => {
  const masks = [KEY, { ...KEY, seed: 8 }, { ...KEY, step: 4 }, { ...KEY, place: 65_537 }];
  const drawn = await Promise.all(masks.map((key) => run(key, 0.5, 4096)));
  for (const [i, a] of drawn.entries()) {
    for (const b of drawn.slice(i + 1)) {
      const equal = a.filter((value, at) => value === b[at]).length;
      expect(Math.abs(equal - 2048)).toBeLessThan(4 * 32);
    }
  }
});

test('the gradient passes through the same mask', async () => {
  const x = tf.randomNormal([1000]) as Tensor1D;
  const weights = tf.randomNormal([1000]) as Tensor1D;
  const step = stepInput(KEY.step);
  const gradient = tf.grad((input) =>
    dropout(input, 0.4, { ...KEY, step })
      .mul(weights)
      .sum(),
  )(x);
  const mask = tf.tensor1d(dropoutMask(1000, 0.4, KEY));
  const expected = tf.mul(weights, mask);
  const [got, wanted] = [await gradient.data(), await expected.data()];
  const different = got.filter((value, i) => Math.abs(value - (wanted[i] ?? Number.NaN)) > 0);
  expect(different.length).toBe(0);
  tf.dispose([x, weights, mask, gradient, expected]);
  step.dispose();
});
