import { jit, nn, numpy as np } from '@jax-js/jax';
import { attentionComposed, fusedAttention } from '../../src/kernels/attention.ts';
import { type Tensor, type Tensor3D, tf } from '../../src/tf/index.ts';
import { jaxGradients } from './jax.ts';
import { type KernelCase, operand } from './kernel-case.ts';

const D = 256;
const HEADS = 8;
const WIDTH = D / HEADS;
/** Cells of C5 of a square picture of 800 px. */
const CELLS = 625;
const QUERIES = 100;

/** Attention between its projections, as in DETR's decoder over the picture and in its encoder. */
export function attentionCases(): KernelCase[] {
  return [
    [QUERIES, CELLS],
    [CELLS, CELLS],
  ].flatMap(([N = 0, M = 0]) => [attentionCase(N, M, false), attentionCase(N, M, true)]);
}

function attentionCase(N: number, M: number, backward: boolean): KernelCase {
  return {
    name: `attention ${N} over ${M}, d ${D}, ${HEADS} heads, ${backward ? 'forward and backward' : 'forward'}`,
    async open() {
      const [q, k, v] = [await operand([1, N, D], 1), await operand([1, M, D], 2), await operand([1, M, D], 3)];
      const dy = await operand([1, N, D], 4);
      const composed = (a: Tensor, b: Tensor, c: Tensor) =>
        attentionComposed(a as Tensor3D, b as Tensor3D, c as Tensor3D, { heads: HEADS });
      const fused = (a: Tensor, b: Tensor, c: Tensor) =>
        fusedAttention(a as Tensor3D, b as Tensor3D, c as Tensor3D, { heads: HEADS });
      const tensors = [q.tensor, k.tensor, v.tensor];
      const compute = (attend: typeof fused): Tensor[] =>
        backward
          ? tf.grads((...args) => attend(...(args as [Tensor, Tensor, Tensor])))(tensors, dy.tensor)
          : [attend(q.tensor, k.tensor, v.tensor)];
      // As its own `dotProductAttention`, whose einsum wants iterator helpers that Node 20 has not got.
      const inHeads = (a: np.Array) => a.reshape([-1, HEADS, WIDTH]);
      const attend = (a: np.Array, b: np.Array, c: np.Array) => {
        const scores = np.matmul(np.transpose(inHeads(a), [1, 0, 2]), np.transpose(inHeads(b), [1, 2, 0]));
        const mixed = np.matmul(nn.softmax(scores.mul(1 / Math.sqrt(WIDTH))), np.transpose(inHeads(c), [1, 0, 2]));
        return np.transpose(mixed, [1, 0, 2]).reshape([1, N, D]);
      };
      const forward = jit(attend);
      const gradients = jaxGradients(attend, [0, 1, 2]);
      return {
        operands: [q, k, v, dy],
        ours: () => compute(fused),
        stock: () => compute(composed),
        jax: () => {
          const arrays = [q.array.ref, k.array.ref, v.array.ref] as const;
          return backward ? gradients(...arrays, dy.array.ref) : [forward(...arrays)];
        },
      };
    },
  };
}
