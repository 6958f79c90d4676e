import { expect, test } from 'vitest';
import { type Tensor, type Tensor3D, type Tensor4D, tf } from '../tf/index.ts';
import { sharedGpu } from '../tf/test-gpu.ts';
import { type AttentionOptions, attentionComposed, fusedAttention } from './attention.ts';
import { stepInput } from './dropout.ts';

sharedGpu();

const numbers = (shape: [number, number, number], seed: number): Tensor3D =>
  tf.tensor3d(
    Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => 1.5 * Math.sin(i * 1.3 + seed)),
    shape,
  );

async function worst(found: Tensor, expected: Tensor): Promise<number> {
  expect(found.shape).toEqual(expected.shape);
  const values = await found.data();
  return Math.max(...Array.from(await expected.data(), (value, i) => Math.abs((values[i] ?? Number.NaN) - value)));
}

test.each([
  { B: 2, N: 25, M: 25, heads: 4, width: 24, mask: false, rate: 0 },
  { B: 2, N: 10, M: 37, heads: 2, width: 32, mask: true, rate: 0 },
  { B: 3, N: 9, M: 6, heads: 3, width: 4, mask: true, rate: 0.3 },
  { B: 1, N: 1, M: 1, heads: 1, width: 8, mask: false, rate: 0 },
])(
  '$B pictures, $N queries on $M keys, $heads heads of $width (mask: $mask, dropout: $rate): output and gradients are those of the composed form',
  async ({ B, N, M, heads, width, mask, rate }) => {
    const d = heads * width;
    const [q, k, v, upstream] = [
      numbers([B, N, d], 1),
      numbers([B, M, d], 2),
      numbers([B, M, d], 3),
      numbers([B, N, d], 4),
    ];
    // The last keys of each picture but the first are padding.
    const padding = Float32Array.from({ length: B * M }, (_, i) =>
      Math.floor(i / M) > 0 && i % M >= M - 2 ? -1e9 : 0,
    );
    const keyMask = mask ? tf.tensor4d(padding, [B, 1, 1, M]) : undefined;
    const step = stepInput(3);
    const options: AttentionOptions = {
      heads,
      ...(keyMask && { keyMask }),
      ...(rate > 0 && { dropout: { rate, key: { seed: 7, step, place: 11 } } }),
    };
    const of = (f: typeof fusedAttention) =>
      tf.valueAndGrads((...[a, b, c]) =>
        f(a as Tensor3D, b as Tensor3D, c as Tensor3D, options)
          .mul(upstream)
          .sum(),
      )([q, k, v]);
    const fused = fusedAttention(q, k, v, options);
    const composed = tf.tidy(() => attentionComposed(q, k, v, options));
    // Weights are exponentials of scores of up to about 10, each rounded to 24 bits.
    expect(await worst(fused, composed)).toBeLessThan(5e-5);
    const [ours, stock] = [of(fusedAttention), of(attentionComposed)];
    for (const i of [0, 1, 2])
      expect(await worst(ours.grads[i] as Tensor, stock.grads[i] as Tensor)).toBeLessThan(2e-4);
    tf.dispose([q, k, v, upstream, keyMask, fused, composed, ours, stock] as never);
    step.dispose();
  },
);

test('one query is the weighted mean of the values, in double precision, and padding weighs nothing', async () => {
  const [M, width] = [5, 8];
  const [q, k, v] = [numbers([1, 1, width], 1), numbers([1, M, width], 2), numbers([1, M, width], 3)];
  const keyMask = tf.tensor4d([0, 0, 0, -1e9, 0], [1, 1, 1, M]) as Tensor4D;
  const y = fusedAttention(q, k, v, { heads: 1, keyMask });
  const [qs, ks, vs] = await Promise.all([q, k, v].map((t) => t.data()));
  const weights = Array.from({ length: M }, (_, m) => {
    let score = 0;
    for (let c = 0; c < width; c++) score += (qs?.[c] ?? 0) * (ks?.[m * width + c] ?? 0);
    return m === 3 ? 0 : Math.exp(score / Math.sqrt(width));
  });
  const total = weights.reduce((sum, w) => sum + w, 0);
  const found = await y.data();
  for (let c = 0; c < width; c++) {
    const expected = weights.reduce((sum, w, m) => sum + (w / total) * (vs?.[m * width + c] ?? 0), 0);
    expect(Math.abs((found[c] ?? Number.NaN) - expected)).toBeLessThan(1e-6);
  }
  expect(() => fusedAttention(q, k, v, { heads: 4 })).toThrow(/four at a time/);
  tf.dispose([q, k, v, keyMask, y]);
});
