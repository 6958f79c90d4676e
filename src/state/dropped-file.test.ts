import { expect, test } from 'vitest';
import { kindOfFile } from './dropped-file.ts';
import { bytes, oldTarHead } from './test-drop.ts';

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

test('archives are known by their first bytes, an old tar by its checksum', () => {
  expect(kindOfFile('a.jpg', bytes(`${'\0'.repeat(257)}ustar`)).kind).toBe('tar');
  expect(kindOfFile('a.jpg', oldTarHead()).kind).toBe('tar');
  const broken = oldTarHead();
  broken[0] = 0x62;
  expect(kindOfFile('a.tar', broken).kind).toBe('neither');
  expect(kindOfFile('a', bytes('PK\x03\x04')).kind).toBe('zip');
  expect(kindOfFile('empty.zip', bytes('PK\x05\x06')).kind).toBe('zip');
  expect(kindOfFile('a', bytes('\x1f\x8b\x08')).kind).toBe('gzip');
});

test.each(['\0\0\0\x18ftypisom', '\0\0\0\x14ftypqt  ', '\x1aE\xdf\xa3', 'RIFF____AVI '])(
  'a video is known by %j',
  (head) => {
    expect(kindOfFile('a.jpg', bytes(head))).toEqual({ kind: 'video' });
  },
);

test.each([
  ['photo.jpg', '<!DOCTYPE html><html>', 'holds an HTML page, though it is named .jpg'],
  ['a.heic', '\0\0\0\x18ftypheic', 'HEIC picture'],
  ['a.jpg', '\0\0\0\x18ftypavif', 'AVIF picture'],
  ['a.tif', 'II*\0', 'TIFF picture'],
  ['a.svg', '<?xml version="1.0"?>\n<!-- made by hand -->\n<svg>', 'SVG drawing'],
  ['set.7z', '7z\xbc\xaf\x27\x1c', '7z archive'],
  ['model.safetensors', 'nonsense nonsense', 'named as weights'],
  ['pytorch_model.bin', '\x80\x02', 'weights of PyTorch'],
  ['photo.png', 'nonsense', 'named as a picture'],
  ['photo.jpg', 'Dear diary', 'named as a picture'],
  ['set.tar', 'nonsense', 'named as an archive'],
  ['notes.txt', 'Dear diary', 'neither a picture nor weights nor a data set'],
  ['nothing.jpg', '', 'is empty'],
])('%s is told what it is and what it could have been', (name, head, said) => {
  const found = kindOfFile(name, bytes(head));
  if (found.kind !== 'neither') throw new Error(`taken for ${found.kind}`);
  expect(found.reason).toContain(`"${name}"`);
  expect(found.reason).toContain(said);
  expect(found.reason).toContain('JPEG, PNG, WebP, GIF or BMP');
});

test('a config and an annotation are told what they belong to', () => {
  expect(kindOfFile('config.json', bytes(' {"a": 1}'))).toMatchObject({
    kind: 'json',
    reason: expect.stringMatching(/together with/),
  });
  expect(kindOfFile('a.xml', bytes('\xef\xbb\xbf<annotation>'))).toMatchObject({
    kind: 'xml',
    reason: expect.stringMatching(/without its picture/),
  });
  // UTF-16, as some tools write it.
  expect(kindOfFile('a.xml', bytes('\xff\xfe<\0?\0x\0m\0l\0'))).toMatchObject({ kind: 'xml' });
});
