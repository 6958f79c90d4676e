import { expect, test } from 'vitest';
import { justifiedRows, pictureInRow, rowOf } from './justified-rows.ts';

const mixed = Array.from({ length: 1000 }, (_, index) => ({
  h: 100 + ((index * 37) % 160),
  w: 90 + ((index * 53) % 210),
}));

test('every picture stands in one row, and each row but the last fills the width', () => {
  const rows = justifiedRows(mixed, 1100, 130, 8);
  let next = 0;
  rows.forEach(({ first, heightPx, widthsPx }, index) => {
    expect(first).toBe(next);
    next += widthsPx.length;
    const width = widthsPx.reduce((sum, one) => sum + one, 0) + 8 * (widthsPx.length - 1);
    expect(width).toBeLessThanOrEqual(1100);
    if (index < rows.length - 1) {
      expect(width).toBeGreaterThan(1099);
      expect(heightPx).toBeGreaterThan(95);
      expect(heightPx).toBeLessThan(180);
    }
  });
  expect(next).toBe(mixed.length);
});

test('a short last row is not blown up', () => {
  expect(justifiedRows([{ h: 100, w: 100 }], 1000, 130, 8)).toEqual([{ first: 0, heightPx: 130, widthsPx: [130] }]);
});

test('a panorama takes no more than its place, and no width at all still makes rows', () => {
  const [row] = justifiedRows([{ h: 10, w: 1000 }], 1000, 130, 8);
  expect(row?.widthsPx[0]).toBeLessThan(400);
  expect(justifiedRows(mixed, 0, 130, 8).length).toBeGreaterThan(0);
  expect(justifiedRows([], 1000, 130, 8)).toEqual([]);
});

test('the row of a picture is found, and up and down go to the nearest', () => {
  const rows = [
    { first: 0, heightPx: 100, widthsPx: [100, 100, 100] },
    { first: 3, heightPx: 100, widthsPx: [150, 150] },
    { first: 5, heightPx: 100, widthsPx: [300] },
  ];
  expect([0, 2, 3, 4, 5].map((picture) => rowOf(rows, picture))).toEqual([0, 0, 1, 1, 2]);
  expect(pictureInRow(rows, 2, 1, 0)).toBe(4);
  expect(pictureInRow(rows, 4, -1, 0)).toBe(2);
  expect(pictureInRow(rows, 0, -1, 0)).toBe(0);
  expect(pictureInRow(rows, 3, 5, 0)).toBe(5);
});
