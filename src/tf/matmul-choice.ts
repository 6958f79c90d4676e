import * as tf from '@tensorflow/tfjs';

/** tfjs's numbers for its ways of multiplying matrices (`MatMulProgramType`). */
const LEFT_TO_TFJS = -1;
const SMALL_OUTPUT = 2;

const KERNEL = 'BatchMatMul';
const BACKEND = 'webgpu';
const FLAG = 'WEBGPU_MATMUL_PROGRAM_TYPE';

/** From this inner length on tfjs splits it, where the output is small but no smaller than `FEWEST_SPLIT`. */
const SPLIT_FROM = 2000;
const FEWEST_SPLIT = 128;
const TILE = 32;

let isDone = false;

/**
 * Keeps tfjs 4.22 from multiplying matrices by its split-K program, for as long as the thread lives.
 *
 * That program is wrong where the second matrix is transposed and all sizes are multiples of four: it reads tiles 32 deep as
 * if they were 128. It also adds up with atomics, in an order that differs from run to run. What it would be chosen for (one
 * matrix, inner length from 2000, few tiles of output) goes to the program for small outputs.
 */
export function avoidSplitMatmul(): void {
  if (isDone) return;
  const stock = tf.getKernel(KERNEL, BACKEND);
  tf.unregisterKernel(KERNEL, BACKEND);
  tf.registerKernel({
    ...stock,
    kernelFunc(params) {
      if (!wouldSplit(params)) return stock.kernelFunc(params);
      tf.env().set(FLAG, SMALL_OUTPUT);
      try {
        return stock.kernelFunc(params);
      } finally {
        tf.env().set(FLAG, LEFT_TO_TFJS);
      }
    },
  });
  isDone = true;
}

function wouldSplit({ inputs, backend, attrs }: Parameters<tf.KernelFunc>[0]): boolean {
  const { a, b } = inputs;
  if (!a || !b) return false;
  const [aOuter, inner] = matrix(a.shape, attrs?.transposeA === true);
  const [bOuter] = matrix(b.shape, attrs?.transposeB !== true);
  const sizeOf = tf.util.sizeFromShape;
  const isOne = sizeOf(a.shape) === aOuter * inner && sizeOf(b.shape) === bOuter * inner;
  if (!isOne || inner < SPLIT_FROM || aOuter * bOuter <= FEWEST_SPLIT) return false;
  const { thresholdToIncreaseWorkgroups: few } = backend as { thresholdToIncreaseWorkgroups: number };
  return Math.ceil(aOuter / TILE) * Math.ceil(bOuter / TILE) <= (aOuter <= 8 ? 2 * few : few);
}

/** Outer and inner length of the last two axes. */
function matrix(shape: readonly number[], isTransposed: boolean): readonly [number, number] {
  const [rows = 1, columns = 1] = shape.slice(-2);
  return isTransposed ? [columns, rows] : [rows, columns];
}
