import { numpy as np } from '@jax-js/jax';
import { seededRandom } from '../../src/base/random.ts';
import { type Tensor, tf } from '../../src/tf/index.ts';

/** One kernel at one size. */
export interface KernelCase {
  readonly name: string;
  /** Of one call, where that says something: a product and a sum are two. */
  readonly flop?: number;
  open(): Promise<OpenKernel>;
}

/** The same work in three libraries, each on operands of its own. Results are the caller's. */
export interface OpenKernel {
  readonly operands: readonly Operand[];
  ours(): Tensor[];
  stock(): Tensor[];
  jax(): np.Array[];
  /** The axes that bring results of jax-js into our order; left out where that is the same. */
  readonly jaxAxes?: readonly number[];
}

/** The same numbers on both devices. */
export interface Operand {
  readonly tensor: Tensor;
  /** For jax-js, which takes one reference of it with every use. */
  readonly array: np.Array;
}

/** Random numbers of deviation 1. `jaxAxes` are the axes in the order in which jax-js wants them, in memory as well. */
export async function operand(shape: number[], seed: number, jaxAxes?: readonly number[]): Promise<Operand> {
  const random = seededRandom(seed);
  const values = Float32Array.from(
    { length: tf.util.sizeFromShape(shape) },
    () => Math.sqrt(12) * (random.uniform() - 0.5),
  );
  const tensor = tf.tensor(values, shape);
  if (!jaxAxes) return { tensor, array: np.array(values).reshape(shape) };
  const moved = tensor.transpose([...jaxAxes]);
  const array = np.array((await moved.data()) as Float32Array<ArrayBuffer>).reshape(moved.shape);
  moved.dispose();
  return { tensor, array };
}
