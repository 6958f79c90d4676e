import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { tf, UniformInput } from '../tf/index.ts';
import { sharedGpu } from '../tf/test-gpu.ts';
import { adamwRates, adamwUpdate } from './adamw.ts';
import { sumsOfSquares } from './sum-of-squares.ts';

sharedGpu();

const CONSTANTS = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

test('three AdamW steps in place follow the formula in double', async () => {
  const random = seededRandom(5);
  const size = 1000;
  const start = Float32Array.from({ length: size }, () => random.normal());
  const [parameter, first, second] = [tf.tensor1d(start), tf.zeros([size]), tf.zeros([size])];
  const [p, m, v] = [Float64Array.from(start), new Float64Array(size), new Float64Array(size)];
  const settings = { lr: 1e-2, weightDecay: 0.1 };
  const gradientScale = 0.5;
  const guard = tf.tensor1d([gradientScale, 0, 0, 0]);
  const rates = new UniformInput(new Float32Array(4));
  for (let step = 1; step <= 3; step++) {
    const g = Float32Array.from({ length: size }, () => random.normal());
    const gradient = tf.tensor1d(g);
    rates.write(adamwRates({ ...settings, step }, CONSTANTS));
    adamwUpdate([{ parameter, gradient, first, second }], guard, rates, CONSTANTS);
    gradient.dispose();
    for (let i = 0; i < size; i++) {
      const scaled = (g[i] ?? 0) * gradientScale;
      m[i] = 0.9 * (m[i] ?? 0) + 0.1 * scaled;
      v[i] = 0.999 * (v[i] ?? 0) + 0.001 * scaled * scaled;
      const mHat = (m[i] ?? 0) / (1 - 0.9 ** step);
      const vHat = (v[i] ?? 0) / (1 - 0.999 ** step);
      p[i] = (p[i] ?? 0) * (1 - settings.lr * settings.weightDecay) - (settings.lr * mHat) / (Math.sqrt(vHat) + 1e-8);
    }
    const after = await parameter.data<'float32'>();
    // A step is 1e-2; f32 holds numbers about 1 to 6e-8.
    after.forEach((value, i) => {
      expect(Math.abs(value - (p[i] ?? Number.NaN))).toBeLessThan(2e-6);
    });
  }
  guard.dispose();
  const closed = tf.tensor1d([gradientScale, 0, 1, 0]);
  const before = await parameter.data<'float32'>();
  const more = tf.ones([size]);
  adamwUpdate([{ parameter, gradient: more, first, second }], closed, rates, CONSTANTS);
  more.dispose();
  expect(await parameter.data(), 'nothing is updated behind a closed guard').toEqual(before);
  tf.dispose([parameter, first, second, closed]);
  rates.dispose();
});

test('many tensors together are updated as each alone, to the bit', async () => {
  const rates = new UniformInput(adamwRates({ lr: 1e-2, weightDecay: 0.1, step: 2 }, CONSTANTS));
  const guard = tf.tensor1d([0.5, 0, 0, 0]);
  const random = seededRandom(8);
  const numbers = (size: number) => Float32Array.from({ length: size }, () => random.normal() ** 2);
  const values = [1, 70, 3, 200, 64, 5, 129].map((size) => [1, 2, 3, 4].map(() => numbers(size)));
  const make = () =>
    values.map(([parameter, gradient, first, second]) => ({
      parameter: tf.tensor1d(parameter ?? []),
      gradient: tf.tensor1d(gradient ?? []),
      first: tf.tensor1d(first ?? []),
      second: tf.tensor1d(second ?? []),
    }));
  const [together, alone] = [make(), make()];
  adamwUpdate(together, guard, rates, CONSTANTS);
  for (const tensors of alone) adamwUpdate([tensors], guard, rates, CONSTANTS);
  for (const [i, tensors] of together.entries()) {
    for (const part of ['parameter', 'first', 'second'] as const) {
      expect(await tensors[part].data(), `${part} of tensor ${i}`).toEqual(await alone[i]?.[part].data());
    }
    expect(await tensors.parameter.data()).not.toEqual(values[i]?.[0]);
  }
  tf.dispose([together, alone, guard] as never);
  rates.dispose();
});

test('sums of squares are those of each tensor, and show what is not finite', async () => {
  const tensors = [tf.tensor1d([3, 4]), tf.fill([300, 300], 0.5), tf.scalar(-2), tf.tensor1d([1, Number.NaN, 2])];
  const sums = sumsOfSquares(tensors);
  const [a, b, c, d] = await sums.data();
  expect(a).toBe(25);
  expect(b).toBeCloseTo(22_500, 1);
  expect(c).toBe(4);
  expect(Number.isFinite(d)).toBe(false);
  tf.dispose([...tensors, sums]);
});

test('sums of more tensors than one dispatch takes stand in their order', async () => {
  const tensors = Array.from({ length: 37 }, (_, i) => tf.fill([i + 1], 2));
  const sums = sumsOfSquares(tensors);
  expect(Array.from(await sums.data())).toEqual(tensors.map((_, i) => 4 * (i + 1)));
  tf.dispose([...tensors, sums]);
});
