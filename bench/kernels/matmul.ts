import { jit, numpy as np } from '@jax-js/jax';
import { matmul } from '../../src/kernels/matmul.ts';
import { tf } from '../../src/tf/index.ts';
import { type KernelCase, operand } from './kernel-case.ts';

/** Products of square matrices. */
export function matmulCases(): KernelCase[] {
  return [256, 512, 1024].map((n) => ({
    name: `matmul ${n}`,
    flop: 2 * n ** 3,
    async open() {
      const [a, b] = [await operand([n, n], 1), await operand([n, n], 2)];
      const product = jit((x: np.Array, y: np.Array) => np.matmul(x, y));
      return {
        operands: [a, b],
        ours: () => [matmul(a.tensor, b.tensor)],
        stock: () => [tf.matMul(a.tensor, b.tensor)],
        jax: () => [product(a.array.ref, b.array.ref)],
      };
    },
  }));
}
