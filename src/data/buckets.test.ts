import { expect, test } from 'vitest';
import { bucketFor, bucketLengths, shapeOf } from './buckets.ts';
import { longestEdgeFor, resizedSize } from './resized-size.ts';

test('lengths are multiples of 32, three at most', () => {
  expect(bucketLengths(160, 266)).toEqual([160, 224, 288]);
  expect(bucketLengths(800, 1333)).toEqual([800, 1088, 1344]);
  expect(bucketLengths(100, 100)).toEqual([128]);
  expect(bucketLengths(64, 90)).toEqual([64, 96]);
});

test('a batch takes the smallest size that holds its pictures', () => {
  const edges = { shortestEdge: 160, longestEdge: 266 };
  expect(bucketFor([{ h: 160, w: 160 }], 'landscape', edges)).toEqual({ h: 160, w: 160 });
  expect(
    bucketFor(
      [
        { h: 160, w: 160 },
        { h: 160, w: 225 },
      ],
      'landscape',
      edges,
    ),
  ).toEqual({ h: 160, w: 288 });
  expect(bucketFor([{ h: 224, w: 160 }], 'portrait', edges)).toEqual({ h: 224, w: 160 });
  expect(bucketFor([{ h: 1, w: 400 }], 'landscape', edges)).toEqual({ h: 160, w: 416 });
});

test('every picture fits its size, and all that are not strips take six sizes at most', () => {
  for (const shortestEdge of [100, 160, 250, 800]) {
    const edges = { shortestEdge, longestEdge: longestEdgeFor(shortestEdge) };
    const seen = new Set<string>();
    for (let h = 50; h < 2000; h += 97) {
      for (let w = 50; w < 2000; w += 83) {
        const size = resizedSize({ h, w }, edges);
        const bucket = bucketFor([size], shapeOf(size), edges);
        expect(bucket.h >= size.h && bucket.w >= size.w).toBe(true);
        expect(bucket.h % 32 === 0 && bucket.w % 32 === 0).toBe(true);
        if (Math.max(h, w) <= 4 * Math.min(h, w)) seen.add(`${bucket.h}x${bucket.w}`);
      }
    }
    expect(seen.size).toBeLessThanOrEqual(6);
  }
});
