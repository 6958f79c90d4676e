import { expect, test } from 'vitest';
import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../tf/index.ts';
import { sharedGpu } from '../tf/test-gpu.ts';
import { fusedLinear, linearComposed } from './linear.ts';

sharedGpu();

const numbers = (length: number, seed: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * 1.3 + seed));

async function worst(found: Tensor, expected: Tensor): Promise<number> {
  expect(found.shape).toEqual(expected.shape);
  const values = await found.data();
  return Math.max(...Array.from(await expected.data(), (value, i) => Math.abs((values[i] ?? Number.NaN) - value)));
}

test.each([
  [100, 96, 96, false, false],
  [100, 96, 256, true, false],
  [25, 96, 7, false, false],
  [33, 6, 10, true, false],
  [50, 128, 32, false, true],
])(
  '%d rows from %d to %d (relu: %s, input first: %s): output and gradients are those of the composed form',
  async (R, inC, out, relu, inputFirst) => {
    const x = tf.tensor2d(numbers(R * inC, 1), [R, inC]);
    const w = tf.tensor2d(numbers(out * inC, 2), inputFirst ? [inC, out] : [out, inC]);
    const b = tf.tensor1d(numbers(out, 3));
    const upstream = tf.tensor2d(numbers(R * out, 4), [R, out]);
    const all = (f: (x: Tensor2D, w: Tensor2D, b: Tensor1D) => Tensor) =>
      tf.valueAndGrads((...[rows, weight, bias]) =>
        f(rows as Tensor2D, weight as Tensor2D, bias as Tensor1D)
          .mul(upstream)
          .sum(),
      )([x, w, b]);
    const fused = all((...xs) => fusedLinear(...xs, { relu, inputFirst }));
    const composed = all((...xs) => linearComposed(...xs, { relu, inputFirst }));
    const yFused = fusedLinear(x, w, b, { relu, inputFirst });
    const yComposed = tf.tidy(() => linearComposed(x, w, b, { relu, inputFirst }));
    // Sums of up to 256 products of numbers up to 1, in another order.
    expect(await worst(yFused, yComposed)).toBeLessThan(1e-4);
    for (const i of [0, 1, 2]) {
      expect(await worst(fused.grads[i] as Tensor, composed.grads[i] as Tensor)).toBeLessThan(1e-4);
    }
    const frozen = tf.valueAndGrads((...[weight, bias]) =>
      fusedLinear(x, weight as Tensor2D, bias as Tensor1D, { relu, inputFirst, frozenInput: true })
        .mul(upstream)
        .sum(),
    )([w, b]);
    expect(await worst(frozen.grads[0] as Tensor, composed.grads[1] as Tensor)).toBeLessThan(1e-4);
    expect(await worst(frozen.grads[1] as Tensor, composed.grads[2] as Tensor)).toBeLessThan(1e-4);
    tf.dispose([x, w, b, upstream, yFused, yComposed, fused, composed, frozen] as never);
  },
);
