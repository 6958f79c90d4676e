import { expect, test } from 'vitest';
import { tf } from '../tf/index.ts';
import { sharedGpu } from '../tf/test-gpu.ts';
import { LARGEST_HALF, packHalf, unpackHalf } from './half.ts';

sharedGpu();

async function thereAndBack(values: Float32Array): Promise<{ packed: Int32Array; back: Float32Array }> {
  const x = tf.tensor1d(values);
  const words = packHalf(x);
  const y = unpackHalf(words, [values.length]);
  const packed = Int32Array.from(await words.data<'int32'>());
  const back = Float32Array.from(await y.data<'float32'>());
  tf.dispose([x, words, y]);
  return { packed, back };
}

test('what f16 holds comes back to the bit, and lies as IEEE 754 says, first of a pair lowest', async () => {
  const values = Float32Array.from([1, -2, 0, 0.5, LARGEST_HALF, -LARGEST_HALF, 2 ** -14, 1 + 2 ** -10]);
  const { packed, back } = await thereAndBack(values);
  expect(Array.from(back)).toEqual(Array.from(values));
  const halves = new Uint16Array(packed.buffer);
  expect(Array.from(halves.subarray(0, 4))).toEqual([0x3c00, 0xc000, 0x0000, 0x3800]);
});

test('other numbers come back within a step of f16, and what is too large as the largest', async () => {
  // More than one row of workgroups.
  const values = Float32Array.from({ length: 2 * 32_768 * 64 + 1000 }, (_, i) => 8 * Math.sin(i * 0.37));
  const { back } = await thereAndBack(values);
  // 11 bits of significand; a driver may round either way (WGSL, "Floating point conversion"), so a whole step.
  const far = back.filter(
    (value, i) => Math.abs(value - (values[i] ?? 0)) > Math.max(Math.abs(values[i] ?? 0) * 2 ** -10, 2 ** -24),
  );
  expect(far.length).toBe(0);
  const large = await thereAndBack(Float32Array.from([1e6, -1e9]));
  expect(Array.from(large.back)).toEqual([LARGEST_HALF, -LARGEST_HALF]);
});
