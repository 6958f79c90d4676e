import { expect, test } from 'vitest';
import { tf } from '../tf/index.ts';
import { sharedGpu } from '../tf/test-gpu.ts';
import { matmulBy, matmulComposed } from './matmul.ts';
import { numbers, productInDouble, tolerance, worst } from './test-products.ts';

sharedGpu();

/** Each is a program, which takes a second of some drivers: every tile, every way of reading an operand, once. */
test.each([
  { variant: 'workgroup-32', transposeA: false, transposeB: false, sizes: [45, 68, 64] },
  { variant: 'workgroup-32', transposeA: true, transposeB: true, sizes: [9, 37, 103] },
  { variant: 'workgroup-128', transposeA: false, transposeB: true, sizes: [132, 140, 36] },
  { variant: 'workgroup-64-split', transposeA: true, transposeB: false, sizes: [68, 70, 1028] },
  { variant: 'registers-split', transposeA: true, transposeB: false, sizes: [16, 12, 700] },
  { variant: 'registers', transposeA: false, transposeB: true, sizes: [9, 37, 103] },
  { variant: 'subgroup', transposeA: true, transposeB: true, sizes: [9, 37, 103] },
  { variant: 'subgroup', transposeA: false, transposeB: false, sizes: [45, 68, 64] },
  { variant: 'subgroup-split', transposeA: true, transposeB: false, sizes: [16, 12, 700] },
] as const)(
  '$variant (transposed: $transposeA, $transposeB), $sizes: with all that may follow it the product in double precision',
  async ({ variant, transposeA, transposeB, sizes }) => {
    const [M, N, K] = sizes;
    const [a, b, biases] = [numbers(M * K, 1), numbers(K * N, 2), numbers(N, 3)];
    const tensors = {
      a: tf.tensor(a, transposeA ? [K, M] : [M, K]),
      b: tf.tensor(b, transposeB ? [N, K] : [K, N]),
      bias: tf.tensor(biases),
      rowSums: tf.zeros([M]),
    };
    const { bias, rowSums } = tensors;
    const y = matmulBy(variant, tensors.a, tensors.b, { transposeA, transposeB, bias, relu: true, rowSums });
    const expected = productInDouble(a, b, sizes, transposeA, transposeB).map((sum, i) =>
      Math.max(0, sum + (biases[i % N] ?? 0)),
    );
    const ones = productInDouble(a, new Float32Array(K).fill(1), [M, 1, K], transposeA, false);
    expect(worst(await y.data(), expected)).toBeLessThan(tolerance(K));
    expect(worst(await rowSums.data(), ones)).toBeLessThan(tolerance(K));
    const stock = matmulComposed(tensors.a, tensors.b, { transposeA, transposeB, bias, relu: true });
    expect(worst(await y.data(), await stock.data())).toBeLessThan(tolerance(K));
    tf.dispose([y, stock, ...Object.values(tensors)]);
  },
);

test('a batch in workgroups multiplies each with each, or all with one', async () => {
  const [B, M, N, K] = [3, 9, 8, 12];
  const a = tf.tensor(numbers(B * M * K, 1), [B, M, K]);
  const b = tf.tensor(numbers(B * K * N, 2), [B, K, N]);
  const one = tf.tensor(numbers(K * N, 5), [K, N]);
  const each = matmulBy('workgroup-32', a, b);
  const all = matmulBy('workgroup-32', a, one);
  const [stockEach, stockAll] = [matmulBy('registers', a, b), matmulBy('registers', a, one)];
  expect(worst(await each.data(), await stockEach.data())).toBeLessThan(1e-5);
  expect(worst(await all.data(), await stockAll.data())).toBeLessThan(1e-5);
  tf.dispose([a, b, one, each, all, stockEach, stockAll]);
});
