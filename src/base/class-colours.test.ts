import { expect, test } from 'vitest';
import { CLASS_COLOURS, classColour, inkOn } from './class-colours.ts';

test('every class has a colour, and colours start over after the last', () => {
  expect(classColour(0)).toBe(CLASS_COLOURS[0]);
  expect(classColour(CLASS_COLOURS.length + 2)).toBe(CLASS_COLOURS[2]);
  expect(classColour(-1)).toBe(CLASS_COLOURS.at(-1));
  expect(new Set(CLASS_COLOURS).size).toBe(CLASS_COLOURS.length);
});

test('text on a colour is the better of black and white', () => {
  expect(inkOn('#0072b2')).toBe('#ffffff');
  expect(inkOn('#f0e442')).toBe('#000000');
  expect(inkOn('#ffffff')).toBe('#000000');
  expect(inkOn('#000000')).toBe('#ffffff');
});
