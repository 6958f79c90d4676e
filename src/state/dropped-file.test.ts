import { expect, test } from 'vitest';
import { kindOfFile } from './dropped-file.ts';

const bytes = (text: string, length = text.length): Uint8Array => {
  const out = new Uint8Array(length);
  out.set([...text].map((letter) => letter.charCodeAt(0)));
  return out;
};

test.each([
  ['jpeg', '\xff\xd8\xff\xe0'],
  ['png', '\x89PNG\r\n\x1a\n'],
  ['webp', 'RIFF....WEBPVP8 '],
  ['gif', 'GIF89a'],
  ['bmp', 'BM........................'],
])('a %s is a picture whatever its name', (_, head) => {
  expect(kindOfFile('anything.txt', bytes(head))).toEqual({ kind: 'picture' });
});

test('weights are known by their header, not their name', () => {
  expect(kindOfFile('model.bin', bytes('\x40\x01\0\0\0\0\0\0{"a"'))).toEqual({ kind: 'weights' });
  expect(kindOfFile('model.safetensors', bytes('\xff\xff\xff\xff\0\0\0\0{"a"')).kind).toBe('neither');
});

test.each([
  ['photo.jpg', '<!DOCTYPE html><html>', 'holds an HTML page, though it is named .jpg'],
  ['set.tar', `${'\0'.repeat(257)}ustar`, 'tar archive'],
  ['set.zip', 'PK\x03\x04', 'zip archive'],
  ['a.heic', '\0\0\0\x18ftypheic', 'HEIC picture'],
  ['a.avif', '\0\0\0\x18ftypavif', 'AVIF picture'],
  ['model.safetensors', 'nonsense nonsense', 'named as weights'],
  ['photo.png', 'nonsense', 'named as a picture'],
  ['notes.txt', 'Dear diary', 'neither a picture nor weights'],
  ['nothing.jpg', '', 'is empty'],
])('%s is told what it is and what it could have been', (name, head, said) => {
  const found = kindOfFile(name, bytes(head));
  expect(found.kind).toBe('neither');
  if (found.kind !== 'neither') return;
  expect(found.reason).toContain(`"${name}"`);
  expect(found.reason).toContain(said);
  expect(found.reason).toContain('JPEG, PNG, WebP, GIF or BMP');
});
