import { expect, test } from 'vitest';
import { digitOf, type LabelKey, labelKeyReader } from './keys.ts';

function reader() {
  const read = labelKeyReader(new Set(['d', 't', 'e', 'p', 'r']));
  return (key: string, part: Partial<LabelKey> = {}) =>
    read({ key, code: '', shift: false, ctrl: false, alt: false, atMs: 0, ...part });
}

test('g and the letter of a room are the studio’s, any other letter after g the editor’s', () => {
  const press = reader();
  expect(press('g', { atMs: 0 })).toBe(null);
  expect(press('d', { atMs: 500 })).toBe(null);
  expect(press('d', { atMs: 600 })).toEqual({ kind: 'next' });
  press('g', { atMs: 1000 });
  expect(press('w', { atMs: 1100 })).toEqual({ kind: 'draw' });
  press('g', { atMs: 2000 });
  expect(press('d', { atMs: 4000 })).toEqual({ kind: 'next' });
});

test('undo, redo, marks and sizes go by their modifiers', () => {
  const press = reader();
  expect(press('z', { ctrl: true })).toEqual({ kind: 'undo' });
  expect(press('Z', { ctrl: true, shift: true })).toEqual({ kind: 'redo' });
  expect(press('T', { shift: true })).toEqual({ kind: 'flag', flag: 'truncated' });
  expect(press('ArrowLeft', { shift: true, alt: true })).toEqual({ kind: 'arrow', x: -1, y: 0, far: true, size: true });
  expect(press('r', { ctrl: true })).toBe(null);
});

test('keys stand where they do on other boards: letters by place, digits by class', () => {
  const press = reader();
  expect(press('ц', { code: 'KeyW' })).toEqual({ kind: 'draw' });
  expect(press('1')).toEqual({ kind: 'class', place: 0 });
  expect(press('é', { code: 'Digit2' })).toEqual({ kind: 'class', place: 1 });
  expect(press('3', { code: 'Digit3', shift: true })).toEqual({ kind: 'class', place: 2 });
  expect(press('!', { code: 'Digit1', shift: true })).toBe(null);
  expect(press('0')).toEqual({ kind: 'class', place: 9 });
  expect([digitOf(0), digitOf(9), digitOf(10)]).toEqual(['1', '0', null]);
});
