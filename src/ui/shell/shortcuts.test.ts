import { expect, test } from 'vitest';
import { type PressedKey, shortcutReader } from './shortcuts.ts';

const PLAIN = { modified: false, typing: false, onControl: false, atMs: 0 };
const press = (key: string, rest: Partial<PressedKey> = {}): PressedKey => ({ ...PLAIN, key, ...rest });

test('g and a letter go to a room, the letter alone or too late does not', () => {
  const read = shortcutReader();
  expect(read(press('t'))).toBeNull();
  expect(read(press('g'))).toBeNull();
  expect(read(press('t', { atMs: 300 }))).toEqual({ kind: 'go', path: '/train' });
  expect(read(press('t', { atMs: 400 }))).toBeNull();
  read(press('g', { atMs: 1000 }));
  expect(read(press('d', { atMs: 4000 }))).toBeNull();
  read(press('g', { atMs: 5000 }));
  read(press('x', { atMs: 5100 }));
  expect(read(press('d', { atMs: 5200 }))).toBeNull();
});

test('keys belong to fields, to focused controls and to the browser first', () => {
  const read = shortcutReader();
  expect(read(press(' '))).toEqual({ kind: 'pause' });
  expect(read(press(' ', { onControl: true }))).toBeNull();
  expect(read(press(' ', { typing: true }))).toBeNull();
  expect(read(press('?', { typing: true }))).toBeNull();
  expect(read(press('?'))).toEqual({ kind: 'list' });
  read(press('g', { typing: true }));
  expect(read(press('r'))).toBeNull();
  read(press('g'));
  expect(read(press('r', { modified: true }))).toBeNull();
});
