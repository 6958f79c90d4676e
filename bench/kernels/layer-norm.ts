import { jit, nn, type numpy as np } from '@jax-js/jax';
import { layerNormResidual, layerNormResidualComposed } from '../../src/kernels/layer-norm.ts';
import { type Tensor, tf } from '../../src/tf/index.ts';
import { jaxGradients } from './jax.ts';
import { type KernelCase, operand } from './kernel-case.ts';

const D = 256;

/** Layer norm of a sum, as behind each half of DETR's layers: of the queries, and of the cells of an 800 px picture. */
export function layerNormCases(): KernelCase[] {
  return [100, 625].flatMap((rows) => [layerNormCase(rows, false), layerNormCase(rows, true)]);
}

function layerNormCase(rows: number, backward: boolean): KernelCase {
  return {
    name: `layer norm with residual, ${rows} x ${D}, ${backward ? 'forward and backward' : 'forward'}`,
    async open() {
      const operands = [
        await operand([rows, D], 1),
        await operand([rows, D], 2),
        await operand([D], 3),
        await operand([D], 4),
      ] as const;
      const dy = await operand([rows, D], 5);
      const tensors = operands.map(({ tensor }) => tensor) as [Tensor, Tensor, Tensor, Tensor];
      const compute = (norm: typeof layerNormResidual): Tensor[] =>
        backward
          ? tf.grads((...args) => norm(...(args as [Tensor, Tensor, Tensor, Tensor])))(tensors, dy.tensor)
          : [norm(...tensors)];
      const norm = (x: np.Array, residual: np.Array, gamma: np.Array, beta: np.Array) =>
        nn.standardize(x.add(residual), -1).mul(gamma).add(beta);
      const forward = jit(norm);
      const gradients = jaxGradients(norm, [0, 1, 2, 3]);
      return {
        operands: [...operands, dy],
        ours: () => compute(layerNormResidual),
        stock: () => compute(layerNormResidualComposed),
        jax: () => {
          const [x, residual, gamma, beta] = operands;
          const arrays = [x.array.ref, residual.array.ref, gamma.array.ref, beta.array.ref] as const;
          return backward ? gradients(...arrays, dy.array.ref) : [forward(...arrays)];
        },
      };
    },
  };
}
