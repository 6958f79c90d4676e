import { describe, expect, test } from 'vitest';
import { tf } from '../tf/index.ts';
import { sharedGpu } from '../tf/test-gpu.ts';
import { matmul, matmulComposed } from './matmul.ts';

sharedGpu();

/** In double precision, on the CPU. */
function product(
  a: Float32Array,
  b: Float32Array,
  [M, N, K]: readonly [number, number, number],
  transposeA: boolean,
  transposeB: boolean,
): Float64Array {
  const y = new Float64Array(M * N);
  for (let m = 0; m < M; m++)
    for (let n = 0; n < N; n++)
      for (let k = 0; k < K; k++)
        y[m * N + n] =
          (y[m * N + n] ?? 0) +
          (a[transposeA ? k * M + m : m * K + k] ?? 0) * (b[transposeB ? n * K + k : k * N + n] ?? 0);
  return y;
}

const numbers = (length: number, seed: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * 1.7 + seed));
/** A sum of K products of numbers up to 1, each rounded to 24 bits at a partial sum that is mostly below 16. */
const tolerance = (K: number) => K * 2 ** -20;

function worst(found: ArrayLike<number> | undefined, expected: ArrayLike<number>): number {
  return Math.max(...Array.from(expected, (value, i) => Math.abs((found?.[i] ?? Number.NaN) - value)));
}

const SIZES: readonly (readonly [number, number, number])[] = [
  [8, 4, 4],
  [100, 96, 96],
  [33, 40, 12],
  [25, 7, 96],
  [96, 96, 25],
  [7, 96, 101],
  [1, 1, 1],
  [5, 3, 6],
  [130, 68, 64],
];

describe.each([
  [false, false],
  [true, false],
  [false, true],
  [true, true],
])('a product (a transposed: %s, b transposed: %s)', (transposeA, transposeB) => {
  test.each(SIZES)('of %d x %d over %d is that of double precision, and tfjs’s', async (M, N, K) => {
    const a = numbers(M * K, 1);
    const b = numbers(K * N, 2);
    const tensors = {
      a: tf.tensor(a, transposeA ? [K, M] : [M, K]),
      b: tf.tensor(b, transposeB ? [N, K] : [K, N]),
      bias: tf.tensor(numbers(N, 3)),
      rowSums: tf.zeros([M]),
    };
    const { bias, rowSums } = tensors;
    const plain = matmul(tensors.a, tensors.b, { transposeA, transposeB });
    const whole = matmul(tensors.a, tensors.b, { transposeA, transposeB, bias, relu: true, rowSums });
    const composed = matmulComposed(tensors.a, tensors.b, { transposeA, transposeB, bias, relu: true });
    const expected = product(a, b, [M, N, K], transposeA, transposeB);
    const [found, activated, stock, sums] = await Promise.all([plain, whole, composed, rowSums].map((t) => t.data()));
    const biases = numbers(N, 3);
    const active = expected.map((value, i) => Math.max(0, value + (biases[i % N] ?? 0)));
    const ones = product(a, new Float32Array(K).fill(1), [M, 1, K], transposeA, false);
    expect(worst(found, expected)).toBeLessThan(tolerance(K));
    expect(worst(activated, active)).toBeLessThan(tolerance(K));
    expect(worst(activated, stock ?? [])).toBeLessThan(tolerance(K));
    expect(worst(sums, ones)).toBeLessThan(tolerance(K));
    tf.dispose([plain, whole, composed, ...Object.values(tensors)]);
  });
});

test('a batch multiplies each with each, or all with one', async () => {
  const [B, M, N, K] = [3, 9, 8, 12];
  const a = tf.tensor(numbers(B * M * K, 1), [B, M, K]);
  const b = tf.tensor(numbers(B * K * N, 2), [B, K, N]);
  const one = tf.tensor(numbers(K * N, 5), [K, N]);
  const each = matmul(a, b);
  const all = matmul(a, one);
  const stockEach = tf.matMul(a, b);
  const stockAll = tf.tidy(() => tf.matMul(a.reshape([B * M, K]), one));
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
