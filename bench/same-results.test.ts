import { expect, test } from 'vitest';
import { refuseOtherResults } from './same-results.ts';

const refuse =
  (...found: Float32Array[]) =>
  () =>
    refuseOtherResults('a sum', 'a peer', found, [Float32Array.of(3, 4)], 1e-3);

test('the same numbers but for rounding pass', () => {
  expect(refuse(Float32Array.of(3, 4.001))).not.toThrow();
});

test.each([
  ['another number', [Float32Array.of(3, 5)]],
  ['no number', [Float32Array.of(3, Number.NaN)]],
  ['too few', [Float32Array.of(3)]],
  ['too many', [Float32Array.of(3, 4, 0)]],
  ['nothing', []],
])('%s is refused', (_, found) => {
  expect(refuse(...found)).toThrow(/a sum: result 1 of a peer is off/);
});
