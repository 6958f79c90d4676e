import { expect, test } from 'vitest';
import { bytesText } from './bytes-text.ts';

test('amounts are told in the unit in which they have one to three digits before the point', () => {
  expect(bytesText(0)).toBe('0 bytes');
  expect(bytesText(1)).toBe('1 byte');
  expect(bytesText(999)).toBe('999 bytes');
  expect(bytesText(1000)).toBe('1.0 KB');
  expect(bytesText(4_912_345)).toBe('4.9 MB');
  expect(bytesText(120_400_000)).toBe('120 MB');
  expect(bytesText(2_100_000_000)).toBe('2.1 GB');
});

test('rounding never shows a thousand of a unit', () => {
  expect(bytesText(999_600)).toBe('1.0 MB');
  expect(bytesText(99_960)).toBe('100 KB');
});
