import { describe, expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { type Tensor, tf } from '../tf/index.ts';
import { sharedGpu } from '../tf/test-gpu.ts';
import { layerNormResidual, layerNormResidualComposed } from './layer-norm.ts';

sharedGpu();

interface Numbers {
  readonly x: Float32Array;
  readonly residual: Float32Array | null;
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
  readonly dy: Float32Array;
}

type Results = Readonly<Record<'y' | 'dx' | 'dresidual' | 'dgamma' | 'dbeta', ArrayLike<number>>>;

function drawn(rows: number, d: number, withResidual: boolean, centre = 0): Numbers {
  const random = seededRandom(rows * 1000 + d);
  const draw = (n: number, middle = 0) => Float32Array.from({ length: n }, () => middle + 4 * random.uniform() - 2);
  const residual = withResidual ? draw(rows * d) : null;
  return { x: draw(rows * d, centre), residual, gamma: draw(d), beta: draw(d), dy: draw(rows * d) };
}

/** In float64, from the definition: the gradient is that of (v - mean) / sqrt(variance + 1e-5). */
function reference({ x, residual, gamma, beta, dy }: Numbers): Results {
  const d = gamma.length;
  const rows = x.length / d;
  const at = (a: ArrayLike<number>, i: number) => a[i] ?? Number.NaN;
  const [y, dx] = [new Float64Array(x.length), new Float64Array(x.length)];
  const [dgamma, dbeta] = [new Float64Array(d), new Float64Array(d)];
  for (let r = 0; r < rows; r++) {
    const columns = Array.from({ length: d }, (_, c) => r * d + c);
    const v = columns.map((i) => at(x, i) + (residual ? at(residual, i) : 0));
    const mean = v.reduce((sum, value) => sum + value, 0) / d;
    const variance = v.reduce((sum, value) => sum + (value - mean) ** 2, 0) / d;
    const scale = 1 / Math.sqrt(variance + 1e-5);
    const n = v.map((value) => (value - mean) * scale);
    const g = columns.map((i, c) => at(dy, i) * at(gamma, c));
    const meanG = g.reduce((sum, value) => sum + value, 0) / d;
    const meanGn = g.reduce((sum, value, c) => sum + value * at(n, c), 0) / d;
    columns.forEach((i, c) => {
      y[i] = at(n, c) * at(gamma, c) + at(beta, c);
      dx[i] = scale * (at(g, c) - meanG - at(n, c) * meanGn);
      dgamma[c] = at(dgamma, c) + at(dy, i) * at(n, c);
      dbeta[c] = at(dbeta, c) + at(dy, i);
    });
  }
  return { y, dx, dresidual: dx, dgamma, dbeta };
}

async function computed(norm: typeof layerNormResidual, numbers: Numbers, shape: number[]): Promise<Results> {
  const x = tf.tensor(numbers.x, shape);
  const residual = numbers.residual ? tf.tensor(numbers.residual, shape) : null;
  const [gamma, beta] = [tf.tensor1d(numbers.gamma), tf.tensor1d(numbers.beta)];
  const dy = tf.tensor(numbers.dy, shape);
  const y = norm(x, residual, gamma, beta);
  const gradients = residual
    ? tf.grads((a, b, c, e) => norm(a as Tensor, b as Tensor, c as Tensor, e as Tensor))([x, residual, gamma, beta], dy)
    : tf.grads((a, c, e) => norm(a as Tensor, null, c as Tensor, e as Tensor))([x, gamma, beta], dy);
  const [dgamma, dbeta] = gradients.slice(-2);
  const [dx, dresidual] = [gradients[0], residual ? gradients[1] : gradients[0]];
  if (!dx || !dresidual || !dgamma || !dbeta) throw new Error('A gradient is missing.');
  expect([y.shape, dx.shape, dresidual.shape, dgamma.shape]).toEqual([shape, shape, shape, gamma.shape]);
  const results = {
    y: await y.data(),
    dx: await dx.data(),
    dresidual: await dresidual.data(),
    dgamma: await dgamma.data(),
    dbeta: await dbeta.data(),
  };
  tf.dispose([x, residual ?? [], gamma, beta, dy, y, gradients]);
  return results;
}

/** The largest difference, as a share of the largest number there is. */
function difference(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  let [most, scale] = [0, 1e-6];
  for (let i = 0; i < wanted.length; i++) {
    const value = wanted[i] ?? Number.NaN;
    most = Math.max(most, Math.abs(value - (got[i] ?? Number.NaN)));
    scale = Math.max(scale, Math.abs(value));
  }
  return most / scale;
}

function expectClose(got: Results, wanted: Results, tolerance: number): void {
  expect(got.y.length).toBe(wanted.y.length);
  for (const name of ['y', 'dx', 'dresidual', 'dgamma', 'dbeta'] as const) {
    expect(difference(got[name], wanted[name]), name).toBeLessThan(tolerance);
  }
}

describe.each([
  { shape: [1, 4], why: 'one row of one vector' },
  { shape: [3, 7], why: 'a row that is no multiple of four' },
  { shape: [5, 1, 97], why: 'more numbers than invocations' },
  { shape: [2, 50, 96], why: 'few rows' },
  { shape: [257, 256], why: 'one row past the small groups' },
  { shape: [9, 512], why: 'more vectors than invocations' },
  { shape: [4099, 32], why: 'many rows, the last group not full' },
])('of $shape: $why', ({ shape }) => {
  const d = shape.at(-1) ?? 1;
  const rows = shape.reduce((product, n) => product * n, 1) / d;

  // Rows of up to 512 numbers and columns of up to 4099, in f32: some roundings of 6e-8 each, that partly cancel.
  const tolerance = 5e-6;

  test.each([true, false])('with a residual: %s, it and its gradients are those of float64', async (withResidual) => {
    const numbers = drawn(rows, d, withResidual);
    expectClose(await computed(layerNormResidual, numbers, shape), reference(numbers), tolerance);
  });

  test('it and its gradients are those of stock operations', async () => {
    const numbers = drawn(rows, d, true);
    const composed = await computed(layerNormResidualComposed, numbers, shape);
    expectClose(await computed(layerNormResidual, numbers, shape), composed, tolerance);
  });
});

test('a mean of a thousand deviations takes no digits from the variance', async () => {
  const numbers = drawn(11, 96, true, 2000);
  // An f32 near 2000 is good to 6e-5, which is 4e-5 of a deviation; a variance from E[x^2] - E[x]^2 would be off by a tenth.
  expectClose(await computed(layerNormResidual, numbers, [11, 96]), reference(numbers), 2e-4);
});

test('a row of equal numbers becomes beta', async () => {
  const numbers = { ...drawn(2, 12, false), x: new Float32Array(24).fill(0.75) };
  const { y } = await computed(layerNormResidual, numbers, [2, 12]);
  // A last bit of the mean, 6e-8, is 2e-5 of the deviation that epsilon stands for.
  expect(difference(y, [...numbers.beta, ...numbers.beta])).toBeLessThan(1e-4);
});

test('the same numbers give the same bits', async () => {
  const numbers = drawn(300, 64, true);
  const first = await computed(layerNormResidual, numbers, [300, 64]);
  expect(await computed(layerNormResidual, numbers, [300, 64])).toEqual(first);
});

test('shapes that do not fit are refused', () => {
  tf.tidy(() => {
    const x = tf.zeros([2, 8]);
    const [eight, four] = [tf.ones([8]), tf.ones([4])];
    expect(() => layerNormResidual(x, null, eight, four)).toThrow('[2,8]');
    expect(() => layerNormResidual(x, tf.zeros([1, 8]), eight, eight)).toThrow('[1,8]');
  });
});
