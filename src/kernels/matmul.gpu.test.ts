import { describe, expect, test } from 'vitest';
import { tf } from '../tf/index.ts';
import { sharedGpu } from '../tf/test-gpu.ts';
import { matmul, matmulComposed } from './matmul.ts';
import { numbers, productInDouble, tolerance, worst } from './test-products.ts';

sharedGpu();

/** Each form that a program is written in is compiled, which takes a second of some drivers: few sizes, of every kind. */
const SIZES: readonly (readonly [number, number, number])[] = [
  [130, 68, 64],
  [25, 7, 96],
  [9, 5, 103],
];

describe.each([
  [false, false],
  [true, false],
  [false, true],
  [true, true],
])('a product (a transposed: %s, b transposed: %s)', (transposeA, transposeB) => {
  test.each(SIZES)('of %d x %d over %d, with all that may follow it, is that of double precision', async (M, N, K) => {
    const a = numbers(M * K, 1);
    const b = numbers(K * N, 2);
    const tensors = {
      a: tf.tensor(a, transposeA ? [K, M] : [M, K]),
      b: tf.tensor(b, transposeB ? [N, K] : [K, N]),
      bias: tf.tensor(numbers(N, 3)),
      rowSums: tf.zeros([M]),
    };
    const { bias, rowSums } = tensors;
    const y = matmul(tensors.a, tensors.b, { transposeA, transposeB, bias, relu: true, rowSums });
    const biases = numbers(N, 3);
    const expected = productInDouble(a, b, [M, N, K], transposeA, transposeB).map((sum, i) =>
      Math.max(0, sum + (biases[i % N] ?? 0)),
    );
    const ones = productInDouble(a, new Float32Array(K).fill(1), [M, 1, K], transposeA, false);
    expect(worst(await y.data(), expected)).toBeLessThan(tolerance(K));
    expect(worst(await rowSums.data(), ones)).toBeLessThan(tolerance(K));
    tf.dispose([y, ...Object.values(tensors)]);
  });
});

test('a batch multiplies each with each, or all with one', async () => {
  const [B, M, N, K] = [3, 9, 8, 12];
  const a = tf.tensor(numbers(B * M * K, 1), [B, M, K]);
  const b = tf.tensor(numbers(B * K * N, 2), [B, K, N]);
  const one = tf.tensor(numbers(K * N, 5), [K, N]);
  const each = matmul(a, b);
  const all = matmul(a, one);
  const stockEach = matmulComposed(a, b);
  const stockAll = tf.tidy(() => matmulComposed(a.reshape([B * M, K]), one));
  expect(each.shape).toEqual([B, M, N]);
  expect(all.shape).toEqual([B, M, N]);
  for (const [found, expected] of [
    [each, stockEach],
    [all, stockAll],
  ] as const) {
    expect(worst(await found.data(), await expected.data())).toBeLessThan(1e-5);
  }
  expect(() => matmul(a, one, { transposeB: true })).toThrow(/does not exist/);
  tf.dispose([a, b, one, each, all, stockEach, stockAll]);
});
