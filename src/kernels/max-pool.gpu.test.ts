import { expect, test } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { type Tensor, type Tensor4D, tf } from '../tf/index.ts';
import { sharedGpu } from '../tf/test-gpu.ts';
import { maxPool3x3, maxPool3x3Composed } from './max-pool.ts';

sharedGpu();

type Shape = [number, number, number, number];

function drawn([n, h, w, c]: Shape, seed: number, levels = 0): Float32Array {
  const random = seededRandom(seed);
  const draw = () => (levels > 0 ? random.below(levels) - levels / 2 : 4 * random.uniform() - 5);
  return Float32Array.from({ length: n * h * w * c }, draw);
}

/** From the definition: the first of the largest elements of a window, row by row. */
function reference(x: Float32Array, dy: Float32Array, [N, H, W, C]: Shape) {
  const [OH, OW] = [Math.ceil(H / 2), Math.ceil(W / 2)];
  const y = new Float64Array(N * OH * OW * C);
  const dx = new Float64Array(x.length);
  for (let n = 0; n < N; n += 1)
    for (let oy = 0; oy < OH; oy += 1)
      for (let ox = 0; ox < OW; ox += 1)
        for (let c = 0; c < C; c += 1) {
          let [most, at] = [Number.NEGATIVE_INFINITY, -1];
          for (let r = 2 * oy - 1; r <= 2 * oy + 1; r += 1)
            for (let s = 2 * ox - 1; s <= 2 * ox + 1; s += 1) {
              if (r < 0 || s < 0 || r >= H || s >= W) continue;
              const place = ((n * H + r) * W + s) * C + c;
              const value = x[place] ?? Number.NaN;
              if (value > most) [most, at] = [value, place];
            }
          const o = ((n * OH + oy) * OW + ox) * C + c;
          y[o] = most;
          dx[at] = (dx[at] ?? 0) + (dy[o] ?? Number.NaN);
        }
  return { y, dx };
}

const SHAPES: Shape[] = [
  [2, 8, 8, 4],
  [1, 7, 9, 8],
  [1, 5, 6, 3],
  [1, 1, 1, 4],
  [2, 2, 13, 1],
];

test.each(SHAPES)(
  '[%i, %i, %i, %i]: all negative, so that padding would show, as from the definition',
  async (...shape) => {
    const x = tf.tensor4d(drawn(shape, 3), shape);
    const dy = drawn([shape[0], Math.ceil(shape[1] / 2), Math.ceil(shape[2] / 2), shape[3]], 4);
    const wanted = reference(await x.data<'float32'>(), dy, shape);
    const [y, stock] = [maxPool3x3(x), maxPool3x3Composed(x)];
    expect([...(await y.data())]).toEqual([...wanted.y]);
    expect([...(await stock.data())]).toEqual([...wanted.y]);
    const upstream = tf.tensor(dy, y.shape);
    const dx = tf.grad((a: Tensor) => maxPool3x3(a as Tensor4D))(x, upstream);
    const got = [...(await dx.data())];
    expect(got.every((value, i) => Math.abs(value - (wanted.dx[i] ?? Number.NaN)) < 1e-5)).toBe(true);
    tf.dispose([x, y, stock, upstream, dx]);
  },
);

test('of equals the first one has the gradient, as behind a ReLU, where most is zero', async () => {
  const shape: Shape = [2, 9, 10, 4];
  const x = drawn(shape, 5, 3);
  const dy = drawn([2, 5, 5, 4], 6);
  const wanted = reference(x, dy, shape);
  const tensors = [tf.tensor4d(x, shape), tf.tensor4d(dy, [2, 5, 5, 4])] as const;
  const dx = tf.grad((a: Tensor) => maxPool3x3(a as Tensor4D))(...tensors);
  const got = [...(await dx.data())];
  expect(got.every((value, i) => Math.abs(value - (wanted.dx[i] ?? Number.NaN)) < 1e-5)).toBe(true);
  tf.dispose([...tensors, dx]);
});
