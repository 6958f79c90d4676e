import { expect, test } from 'vitest';
import { watchFrozenTime } from './frozen-time.ts';

const MINUTE = 60_000;

test('a freeze that the browser tells is measured once', () => {
  const watch = watchFrozenTime(0);
  watch.frozen(1000);
  expect(watch.thawed(1000 + 10 * MINUTE)).toBe(10 * MINUTE);
  expect(watch.tick(2000 + 10 * MINUTE)).toBeNull();
  expect(watch.thawed(3000 + 10 * MINUTE)).toBeNull();
});

test('a silence that nobody told is one, and timers of hidden tabs are none', () => {
  const watch = watchFrozenTime(0);
  expect(watch.tick(MINUTE)).toBeNull();
  expect(watch.tick(2 * MINUTE)).toBeNull();
  expect(watch.tick(32 * MINUTE)).toBe(30 * MINUTE);
  expect(watch.tick(33 * MINUTE)).toBeNull();
});

test('where a tick comes before the word that it goes on, the freeze still counts once', () => {
  const watch = watchFrozenTime(0);
  watch.frozen(1000);
  expect(watch.tick(10 * MINUTE)).toBeNull();
  expect(watch.thawed(10 * MINUTE)).toBe(10 * MINUTE - 1000);
});
