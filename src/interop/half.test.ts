import { expect, test } from 'vitest';
import { float32ToHalves, halfToFloat32Bits } from './safetensors-dtype.ts';

const toFloat = (half: number): number => new Float32Array(Uint32Array.of(halfToFloat32Bits(half)).buffer)[0] ?? 0;
const toHalf = (value: number): number => float32ToHalves(Float32Array.of(value))[0] ?? 0;

test('every half that is a number comes back as it was', () => {
  for (let half = 0; half < 0x10000; half++) {
    const value = toFloat(half);
    if (!Number.isNaN(value)) expect(toHalf(value)).toBe(half);
  }
  expect(toFloat(toHalf(Number.NaN))).toBeNaN();
});

test.each([
  [1 + 2 ** -11, 0x3c00], // half way: to the even one
  [1 + 3 * 2 ** -11, 0x3c02],
  [1 + 2 ** -11 + 2 ** -20, 0x3c01],
  [65519.99, 0x7bff],
  [65520, 0x7c00],
  [-(2 ** -24), 0x8001],
  [2 ** -25, 0],
  [2 ** -25 + 2 ** -40, 1],
  [2 ** -14 - 2 ** -26, 0x0400], // rounds up into the normal numbers
  [1e-30, 0],
])('%d becomes the nearest half', (value, half) => {
  expect(toHalf(value)).toBe(half);
});
