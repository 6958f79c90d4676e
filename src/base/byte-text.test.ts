import { expect, test } from 'vitest';
import { byteText } from './byte-text.ts';

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [812, '812 bytes'],
  [1000, '1.0 kB'],
  [3_249_999, '3.2 MB'],
  [9_960_000, '10 MB'],
  [999_499_000, '999 MB'],
  [999_600_000, '1.0 GB'],
  [38e9, '38 GB'],
  [5e15, '5000 TB'],
])('%d is %s', (bytes, text) => {
  expect(byteText(bytes)).toBe(text);
});
