import { expect, test } from 'vitest';
import { type LabelRequest, placeLabels } from './place-labels.ts';

const frame = { h: 300, w: 400 };

test('a label alone stands above its box, and below where the box touches the top', () => {
  const size = { h: 16, w: 60 };
  expect(placeLabels([{ boxXyxy: [50, 100, 150, 200], size }], frame)).toEqual([{ x: 50, y: 84 }]);
  expect(placeLabels([{ boxXyxy: [50, 4, 150, 200], size }], frame)).toEqual([{ x: 50, y: 200 }]);
});

test('labels never cover each other nor leave the frame, in crowded pictures', () => {
  let seed = 7;
  const random = (): number => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  let placed = 0;
  let asked = 0;
  for (let round = 0; round < 50; round += 1) {
    const requests: LabelRequest[] = Array.from({ length: 12 }, () => {
      const x = random() * 330 - 10;
      const y = random() * 240 - 10;
      return {
        boxXyxy: [x, y, x + 20 + random() * 80, y + 20 + random() * 60],
        size: { h: 16, w: 40 + random() * 50 },
      };
    });
    const rects = placeLabels(requests, frame).flatMap((place, index) => {
      const size = requests[index]?.size;
      return place === null || size === undefined ? [] : [{ ...place, ...size }];
    });
    asked += requests.length;
    placed += rects.length;
    for (const [i, a] of rects.entries()) {
      expect(a.x >= 0 && a.y >= 0 && a.x + a.w <= frame.w && a.y + a.h <= frame.h).toBe(true);
      for (const b of rects.slice(i + 1)) {
        expect(a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h).toBe(false);
      }
    }
  }
  expect(placed / asked).toBeGreaterThan(0.97);
});

test('where there is no room at all a label is left out', () => {
  const request: LabelRequest = { boxXyxy: [0, 0, 20, 20], size: { h: 16, w: 18 } };
  const places = placeLabels([request, request, request], { h: 20, w: 20 });
  expect(places.filter((place) => place !== null)).toHaveLength(1);
});
