import { jit, lax, numpy as np } from '@jax-js/jax';
import { maxPool3x3, maxPool3x3Composed } from '../../src/kernels/max-pool.ts';
import { type Tensor, type Tensor4D, tf } from '../../src/tf/index.ts';
import { jaxGradients } from './jax.ts';
import { type KernelCase, operand } from './kernel-case.ts';

/** The channels of ResNet's stem. */
const C = 64;
/** Below every element that is drawn. */
const PADDING = -8;

/** Max pooling behind the stem of a square picture. Its gradient is asked for nowhere in DETR, whose stem is frozen. */
export function maxPoolCases(picturePx: number): KernelCase[] {
  return [maxPoolCase(picturePx / 2, false), maxPoolCase(picturePx / 2, true)];
}

function maxPoolCase(side: number, backward: boolean): KernelCase {
  return {
    name: `max pool 3x3, ${side}x${side}, ${C} channels, ${backward ? 'forward and backward' : 'forward'}`,
    async open() {
      const x = await operand([1, side, side, C], 1, [0, 3, 1, 2]);
      const out = Math.ceil(side / 2);
      const dy = await operand([1, out, out, C], 2, [0, 3, 1, 2]);
      const X = x.tensor as Tensor4D;
      const compute = (pool: typeof maxPool3x3): Tensor[] =>
        backward ? [tf.grad((a: Tensor) => pool(a as Tensor4D))(X, dy.tensor)] : [pool(X)];
      const pool = (a: np.Array) => {
        const padded = np.pad(a.sub(PADDING), { 2: [1, 1], 3: [1, 1] }).add(PADDING);
        return lax.reduceWindow(padded, (window) => np.max(window), [1, 1, 3, 3], [1, 1, 2, 2]);
      };
      const forward = jit(pool);
      const gradients = jaxGradients(pool, [0]);
      return {
        operands: [x, dy],
        ours: () => compute(maxPool3x3),
        stock: () => compute(maxPool3x3Composed),
        jax: () => (backward ? gradients(x.array.ref, dy.array.ref) : [forward(x.array.ref)]),
        jaxAxes: [0, 2, 3, 1],
      };
    },
  };
}
