import { expect, test } from 'vitest';
import { whenText } from './when-text.ts';

const NOW = new Date(2026, 2, 1, 0, 30).getTime();
const at = (...parts: [number, number, number, number, number]): string => whenText(new Date(...parts).getTime(), NOW);

test('a moment is told as shortly as can be understood', () => {
  expect(at(2026, 2, 1, 0, 5)).toBe('00:05');
  // 40 minutes ago, but the day before.
  expect(at(2026, 1, 28, 23, 50)).toBe('yesterday');
  expect(at(2026, 1, 27, 23, 50)).toBe('27 Feb');
  expect(at(2025, 11, 31, 12, 0)).toBe('31 Dec 2025');
});
