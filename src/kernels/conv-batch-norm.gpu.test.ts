import { expect, test } from 'vitest';
import { type Tensor, type Tensor4D, tf } from '../tf/index.ts';
import { sharedGpu } from '../tf/test-gpu.ts';
import { convBatchNorm, convBatchNormComposed } from './conv-batch-norm.ts';

sharedGpu();

const numbers = (shape: number[], seed: number) => {
  const size = shape.reduce((product, n) => product * n, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * 1.3 + seed)),
    shape,
  );
};

async function worst(found: Tensor | undefined, expected: Tensor | undefined): Promise<number> {
  expect(found?.shape).toEqual(expected?.shape);
  const values = (await found?.data()) ?? [];
  return Math.max(
    ...Array.from((await expected?.data()) ?? [], (value, i) => Math.abs((values[i] ?? Number.NaN) - value)),
  );
}

test.each([
  { kernel: 1, stride: 1, dilation: 1, h: 9, w: 7, inC: 16, out: 32, residual: true, relu: true },
  { kernel: 1, stride: 2, dilation: 1, h: 9, w: 8, inC: 12, out: 16, residual: false, relu: false },
  { kernel: 3, stride: 1, dilation: 1, h: 8, w: 11, inC: 8, out: 12, residual: false, relu: true },
  { kernel: 3, stride: 2, dilation: 1, h: 9, w: 7, inC: 20, out: 8, residual: false, relu: true },
  { kernel: 3, stride: 2, dilation: 1, h: 10, w: 12, inC: 8, out: 8, residual: true, relu: true },
  { kernel: 7, stride: 2, dilation: 1, h: 21, w: 18, inC: 3, out: 8, residual: false, relu: true },
])(
  '$kernel x $kernel, stride $stride, $h x $w pixels of $inC to $out: output and gradients are those of the composed form',
  async ({ kernel, stride, dilation, h, w, inC, out, residual, relu }) => {
    const B = 2;
    const x = numbers([B, h, w, inC], 1) as Tensor4D;
    const filter = numbers([kernel, kernel, inC, out], 2) as Tensor4D;
    const [scale, shift] = [
      tf.tensor1d(Array.from({ length: out }, (_, i) => 0.5 + (i % 3) / 3)),
      tf.tensor1d(Array.from({ length: out }, (_, i) => Math.cos(i))),
    ];
    const resultShape = [B, Math.ceil(h / stride), Math.ceil(w / stride), out];
    const added = residual ? (numbers(resultShape, 3) as Tensor4D) : undefined;
    const upstream = numbers(resultShape, 4);
    const shape = { kernel, stride, dilation };
    const of = (f: typeof convBatchNorm, frozenInput: boolean) =>
      tf.valueAndGrads((...[W, ...rest]) => {
        const r = residual ? (rest[0] as Tensor4D) : undefined;
        const pixels = frozenInput ? x : (rest.at(-1) as Tensor4D);
        return f(pixels, W as Tensor4D, shape, { scale, shift, relu, frozenInput, ...(r && { residual: r }) })
          .mul(upstream)
          .sum();
      })([filter, ...(added ? [added] : []), ...(frozenInput ? [] : [x])]);
    const forward = (f: typeof convBatchNorm) =>
      tf.tidy(() => f(x, filter, shape, { scale, shift, relu, ...(added && { residual: added }) }));
    const fused = forward(convBatchNorm);
    const composed = forward(convBatchNormComposed);
    // Sums of up to a few hundred products of numbers up to 1, in another order.
    expect(await worst(fused, composed)).toBeLessThan(2e-4);
    const [ours, stock, frozen] = [of(convBatchNorm, false), of(convBatchNormComposed, false), of(convBatchNorm, true)];
    for (const [i, gradient] of stock.grads.entries()) expect(await worst(ours.grads[i], gradient)).toBeLessThan(5e-4);
    for (const [i, gradient] of frozen.grads.entries())
      expect(await worst(gradient, stock.grads[i])).toBeLessThan(5e-4);
    tf.dispose([x, filter, scale, shift, added, upstream, fused, composed, ours, stock, frozen] as never);
  },
);

test('a dilated convolution is the sum that it is defined by, and so are its gradients', async () => {
  const [B, h, w, inC, out, dilation] = [1, 7, 6, 4, 4, 2];
  const x = numbers([B, h, w, inC], 1) as Tensor4D;
  const filter = numbers([3, 3, inC, out], 2) as Tensor4D;
  const scale = tf.ones([out]) as never;
  const shift = tf.zeros([out]) as never;
  const upstream = numbers([B, h, w, out], 4);
  const { value, grads } = tf.valueAndGrads((...[W, pixels]) =>
    convBatchNorm(pixels as Tensor4D, W as Tensor4D, { kernel: 3, stride: 1, dilation }, { scale, shift, relu: false })
      .mul(upstream)
      .sum(),
  )([filter, x]);
  const y = convBatchNorm(x, filter, { kernel: 3, stride: 1, dilation }, { scale, shift, relu: false });
  const [xs, ws, us] = await Promise.all([x, filter, upstream].map((t) => t.data()));
  const expected = {
    y: new Float64Array(h * w * out),
    filter: new Float64Array(9 * inC * out),
    x: new Float64Array(h * w * inC),
  };
  const at = (values: ArrayLike<number> | undefined, i: number) => values?.[i] ?? Number.NaN;
  const addTo = (sums: Float64Array, i: number, value: number) => sums.fill((sums[i] ?? 0) + value, i, i + 1);
  for (let oy = 0; oy < h; oy++)
    for (let ox = 0; ox < w; ox++)
      for (let tap = 0; tap < 9; tap++) {
        const iy = oy + (Math.floor(tap / 3) - 1) * dilation;
        const ix = ox + ((tap % 3) - 1) * dilation;
        if (iy < 0 || iy >= h || ix < 0 || ix >= w) continue;
        for (let c = 0; c < inC; c++)
          for (let o = 0; o < out; o++) {
            const [yi, xi, wi] = [(oy * w + ox) * out + o, (iy * w + ix) * inC + c, (tap * inC + c) * out + o];
            addTo(expected.y, yi, at(xs, xi) * at(ws, wi));
            addTo(expected.filter, wi, at(xs, xi) * at(us, yi));
            addTo(expected.x, xi, at(ws, wi) * at(us, yi));
          }
      }
  const far = async (found: Tensor | undefined, sums: Float64Array) =>
    Math.max(...Array.from((await found?.data()) ?? [Number.NaN], (value, i) => Math.abs(value - at(sums, i))));
  expect(await far(y, expected.y)).toBeLessThan(1e-5);
  expect(await far(grads[0], expected.filter)).toBeLessThan(1e-5);
  expect(await far(grads[1], expected.x)).toBeLessThan(1e-5);
  tf.dispose([x, filter, scale, shift, upstream, y, value, grads] as never);
});
