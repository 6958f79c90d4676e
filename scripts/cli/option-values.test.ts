import { expect, test } from 'vitest';
import { oneOf, realNumber, someOf, wholeNumber } from './option-values.ts';

const steps = wholeNumber('--steps', 1, 10_000_000);
const rate = realNumber('--lr', 0, 10);

test.each([
  ['1', 1],
  ['10000000', 10_000_000],
  ['007', 7],
])('whole number %s', (text, value) => {
  expect(steps(text)).toBe(value);
});

test.each(['-5', '0', '10000001', '1.5', '1e3', '', ' 3', 'ten', '0x10', 'NaN', 'Infinity', '9'.repeat(400)])(
  'refuses %j as a whole number',
  (text) => {
    expect(() => steps(text)).toThrow(`--steps ${text}: expected a whole number from 1 to 10,000,000.`);
  },
);

test.each([
  ['1e-4', 1e-4],
  ['.5', 0.5],
  ['2.', 2],
  ['0', 0],
])('number %s', (text, value) => {
  expect(rate(text)).toBe(value);
});

test.each(['-1e-4', '11', 'abc', '1e', '', 'Infinity', '1,5'])('refuses %j as a number', (text) => {
  expect(() => rate(text)).toThrow(`--lr ${text}: expected a number from 0 to 10.`);
});

test('words', () => {
  expect(oneOf('--split', ['train', 'val'])('val')).toBe('val');
  expect(() => oneOf('--split', ['train', 'val'])('vale')).toThrow('--split vale: expected train or val.');
  expect(() => oneOf('--size', ['s', 'm', 'l'])('x')).toThrow('--size x: expected s, m or l.');
  expect(someOf('--only', ['unit', 'gpu', 'e2e'])('e2e, unit')).toEqual(['unit', 'e2e']);
  expect(() => someOf('--only', ['unit', 'gpu'])('unit,x')).toThrow(
    '--only unit,x: expected one or more of unit, gpu.',
  );
});
