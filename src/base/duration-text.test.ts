import { expect, test } from 'vitest';
import { durationText } from './duration-text.ts';

test.each([
  [0, '1 s'],
  [59.4, '59 s'],
  [59.6, '1 min'],
  [100, '2 min'],
  [3569, '59 min'],
  [3571, '1 h'],
  [7500, '2 h 5 min'],
  [47.9 * 3600, '47 h 54 min'],
  [86_400 * 9.6, '10 days'],
])('%d seconds are %s', (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});
