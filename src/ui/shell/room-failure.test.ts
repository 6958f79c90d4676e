import { expect, test } from 'vitest';
import { roomFailure } from './room-failure.ts';

test('a room that did not arrive is told from one that broke, in the words of three browsers', () => {
  const words = [
    'Failed to fetch dynamically imported module: https://a.example/assets/Room-1.js',
    'error loading dynamically imported module: https://a.example/assets/Room-1.js',
    'Importing a module script failed.',
    'Unable to preload CSS for /assets/Room-1.css',
  ];
  for (const message of words) {
    expect(roomFailure(new TypeError(message), false).message, message).toContain('no network');
    expect(roomFailure(new TypeError(message), true).message, message).toContain('new version');
  }
  const broke = roomFailure(new TypeError("Cannot read properties of undefined (reading 'x')"), true);
  expect(broke.title).toBe('This room stopped working');
  expect(broke.message).toContain("(reading 'x'). What was saved");
});
