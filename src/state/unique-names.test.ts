import { expect, test } from 'vitest';
import { uniqueNames, withEnding } from './unique-names.ts';

test('pictures that were pasted under one name become files of their own', () => {
  expect(uniqueNames(['image.png', 'a.png', 'image.png', 'Image.PNG', 'image (2).png'])).toEqual([
    'image.png',
    'a.png',
    'image (2).png',
    'Image (3).PNG',
    'image (2) (2).png',
  ]);
  expect(uniqueNames(['.hidden', '.hidden', 'x', 'x'])).toEqual(['.hidden', '.hidden (2)', 'x', 'x (2)']);
});

test("a picture's ending is replaced, another one is part of its name", () => {
  expect(withEnding('photo.JPG', '.xml')).toBe('photo.xml');
  expect(withEnding('photo.v2', '.xml')).toBe('photo.v2.xml');
});
