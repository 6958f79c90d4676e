import { expect, test } from 'vitest';
import { normaliseTable, writeNormalised } from './normalise.ts';
import { resizeBilinear } from './resize.ts';
import { noisePicture } from './test-pictures.ts';
import { writeResized } from './write-resized.ts';

const config = {
  shortestEdge: 1,
  longestEdge: 1,
  imageMean: [0.485, 0.456, 0.406],
  imageStd: [0.229, 0.224, 0.225],
} as const;

test.each([
  [
    { h: 7, w: 11 },
    { h: 15, w: 23 },
  ],
  [
    { h: 7, w: 11 },
    { h: 8, w: 12 },
  ],
  [
    { h: 1, w: 1 },
    { h: 5, w: 9 },
  ],
  [
    { h: 13, w: 6 },
    { h: 200, w: 92 },
  ],
  [
    { h: 40, w: 60 },
    { h: 16, w: 24 },
  ],
  [
    { h: 9, w: 9 },
    { h: 9, w: 9 },
  ],
  [
    { h: 9, w: 20 },
    { h: 18, w: 12 },
  ],
  [
    { h: 9, w: 20 },
    { h: 5, w: 40 },
  ],
  [
    { h: 9, w: 20 },
    { h: 9, w: 40 },
  ],
  [
    { h: 9, w: 20 },
    { h: 30, w: 20 },
  ],
])('from %o to %o it writes what resizing and then normalising does, and nothing beside it', (from, size) => {
  const image = noisePicture(from);
  const table = normaliseTable(config);
  const padded = { h: size.h + 3, w: size.w + 5 };
  const offset = 12;
  for (const flip of [false, true]) {
    const expected = new Float32Array(offset + padded.h * padded.w * 3 + 4).fill(7);
    const pixels = expected.slice();
    writeNormalised(resizeBilinear(image, size), table, expected, offset, padded, flip);
    writeResized(image, size, table, { pixels, offset, padded }, flip);
    expect(pixels).toEqual(expected);
  }
});
