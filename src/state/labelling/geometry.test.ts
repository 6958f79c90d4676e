import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BoxXyxy, Size } from '../../base/boxes.ts';
import { boxBetween, HANDLES, handleAt, moveBoxes, resizeBox, under } from './geometry.ts';

const sizes = fc.record({ h: fc.integer({ min: 1, max: 4000 }), w: fc.integer({ min: 1, max: 4000 }) });
const points = fc.record({
  x: fc.double({ min: -9000, max: 9000, noNaN: true }),
  y: fc.double({ min: -9000, max: 9000, noNaN: true }),
});

function expectSound([x0, y0, x1, y1]: BoxXyxy, { h, w }: Size): void {
  expect(x0).toBeGreaterThanOrEqual(0);
  expect(y0).toBeGreaterThanOrEqual(0);
  expect(x1).toBeLessThanOrEqual(w);
  expect(y1).toBeLessThanOrEqual(h);
  expect(x1 - x0).toBeGreaterThanOrEqual(1);
  expect(y1 - y0).toBeGreaterThanOrEqual(1);
}

test('whatever is drawn, resized and moved, a box stays inside its picture and keeps an area', () => {
  fc.assert(
    fc.property(sizes, points, points, points, fc.constantFrom(...HANDLES), (size, a, b, by, handle) => {
      const drawn = boxBetween(a, b, size);
      expectSound(drawn, size);
      const resized = resizeBox(drawn, handle, by, size);
      expectSound(resized, size);
      for (const moved of moveBoxes([drawn, resized], by, size)) expectSound(moved, size);
    }),
  );
});

test('boxes that are moved together keep their sizes and their places to each other, at the edge too', () => {
  const [a, b] = moveBoxes(
    [
      [1.5, 2, 11.5, 12],
      [20, 5, 30, 25],
    ],
    { x: -40, y: 3 },
    { h: 30, w: 40 },
  );
  expect(a).toEqual([0, 5, 10, 15]);
  expect(b).toEqual([18.5, 8, 28.5, 28]);
});

test('a handle moves its own sides to whole pixels and leaves the others as exact as they were', () => {
  const size = { h: 100, w: 100 };
  const box: BoxXyxy = [10.25, 20.5, 30.75, 40.125];
  expect(resizeBox(box, 'e', { x: 5, y: 50 }, size)).toEqual([10.25, 20.5, 36, 40.125]);
  expect(resizeBox(box, 'nw', { x: -0.25, y: 0.5 }, size)).toEqual([10, 21, 30.75, 40.125]);
  // Pulled past the side across it turns over.
  expect(resizeBox(box, 'n', { x: 0, y: 30 }, size)).toEqual([10.25, 40.125, 30.75, 51]);
});

test('a corner is taken before a side, and the middle of a small box is left to move it by', () => {
  const box: BoxXyxy = [10, 10, 50, 50];
  expect(handleAt(box, { x: 51, y: 49 }, 6)).toBe('se');
  expect(handleAt(box, { x: 29, y: 8 }, 6)).toBe('n');
  expect(handleAt(box, { x: 30, y: 30 }, 6)).toBe(null);
  const small: BoxXyxy = [10, 10, 16, 16];
  expect(handleAt(small, { x: 13, y: 13 }, 20)).toBe(null);
  expect(handleAt(small, { x: 20, y: 20 }, 20)).toBe('se');
});

test('under a point the smallest box comes first, so that none is out of reach', () => {
  const boxes = [
    { boxXyxyPx: [0, 0, 50, 50] },
    { boxXyxyPx: [10, 10, 20, 20] },
    { boxXyxyPx: [60, 0, 70, 9] },
  ] as const;
  expect(under(boxes, { x: 15, y: 15 }).map((box) => boxes.indexOf(box))).toEqual([1, 0]);
});
