import type { BoxXyxy, Size } from '../../base/boxes.ts';

/** A place on a picture, in its pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The eight places by which a box is resized, by the compass. */
export const HANDLES = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'] as const;
export type Handle = (typeof HANDLES)[number];

/** No side of a box is shorter, in pixels of the picture. */
export const LEAST_SIDE_PX = 1;

const within = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);

/** The point of the picture that is nearest to this one. */
export function insidePicture({ x, y }: Point, { h, w }: Size): Point {
  return { x: within(x, 0, w), y: within(y, 0, h) };
}

/** The box between two corners, on whole pixels, inside the picture, and no side shorter than a pixel. */
export function boxBetween(a: Point, b: Point, size: Size): BoxXyxy {
  const [x0, x1] = side(a.x, b.x, size.w);
  const [y0, y1] = side(a.y, b.y, size.h);
  return [x0, y0, x1, y1];
}

/** Two ends of a side in order, on whole pixels, at least a pixel apart, from 0 to `length`. */
function side(a: number, b: number, length: number): readonly [number, number] {
  const from = within(Math.round(Math.min(a, b)), 0, length - LEAST_SIDE_PX);
  const to = within(Math.round(Math.max(a, b)), from + LEAST_SIDE_PX, length);
  return [from, to];
}

/** Boxes moved together, by whole pixels, as far as all of them stay inside the picture. */
export function moveBoxes(boxes: readonly BoxXyxy[], by: Point, { h, w }: Size): BoxXyxy[] {
  const least = (at: 0 | 1): number => Math.min(...boxes.map((box) => box[at]));
  const most = (at: 2 | 3): number => Math.max(...boxes.map((box) => box[at]));
  const dx = within(Math.round(by.x), -least(0), w - most(2));
  const dy = within(Math.round(by.y), -least(1), h - most(3));
  return boxes.map(([x0, y0, x1, y1]) => [x0 + dx, y0 + dy, x1 + dx, y1 + dy]);
}

/** Where a handle stands on a box. */
export function handlePoint([x0, y0, x1, y1]: BoxXyxy, handle: Handle): Point {
  const x = handle.includes('w') ? x0 : handle.includes('e') ? x1 : (x0 + x1) / 2;
  const y = handle.includes('n') ? y0 : handle.includes('s') ? y1 : (y0 + y1) / 2;
  return { x, y };
}

/**
 * The box with the sides of a handle pulled by so much, inside the picture. A side that is pulled past the one across turns
 * the box over. Sides that are not pulled stay exactly where they were.
 */
export function resizeBox(box: BoxXyxy, handle: Handle, by: Point, { h, w }: Size): BoxXyxy {
  const [x0, x1] = pulled(box[0], box[2], handle.includes('w'), handle.includes('e'), by.x, w);
  const [y0, y1] = pulled(box[1], box[3], handle.includes('n'), handle.includes('s'), by.y, h);
  return [x0, y0, x1, y1];
}

function pulled(
  low: number,
  high: number,
  pullsLow: boolean,
  pullsHigh: boolean,
  by: number,
  length: number,
): readonly [number, number] {
  if (!pullsLow && !pullsHigh) return [low, high];
  const fixed = pullsLow ? high : low;
  const moving = within(Math.round((pullsLow ? low : high) + by), 0, length);
  const [from, to] = moving < fixed ? [moving, fixed] : [fixed, moving];
  if (to - from >= LEAST_SIDE_PX) return [from, to];
  return from + LEAST_SIDE_PX <= length ? [from, from + LEAST_SIDE_PX] : [length - LEAST_SIDE_PX, length];
}

/** The handle of a box within reach of a point, a corner before a side; null for none. `reach` in pixels of the picture. */
export function handleAt(box: BoxXyxy, point: Point, reach: number): Handle | null {
  const [x0, y0, x1, y1] = box;
  // Inside a small box a part stays free, to move it by.
  const isInside = contains(box, point);
  const reachX = isInside ? Math.min(reach, (x1 - x0) / 4) : reach;
  const reachY = isInside ? Math.min(reach, (y1 - y0) / 4) : reach;
  let best: Handle | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const handle of HANDLES) {
    const at = handlePoint(box, handle);
    if (Math.abs(at.x - point.x) > reachX || Math.abs(at.y - point.y) > reachY) continue;
    const distance = Math.hypot(at.x - point.x, at.y - point.y) - (handle.length === 2 ? reach / 4 : 0);
    if (distance < bestDistance) [best, bestDistance] = [handle, distance];
  }
  return best;
}

/** Whether a point lies in a box, its border included. */
export function contains([x0, y0, x1, y1]: BoxXyxy, { x, y }: Point): boolean {
  return x >= x0 && x <= x1 && y >= y0 && y <= y1;
}

/** In pixels squared. */
export function areaOf([x0, y0, x1, y1]: BoxXyxy): number {
  return (x1 - x0) * (y1 - y0);
}

/** Everything under a point, the smallest box first; boxes of one size in their order, the last first. */
export function under<Item extends { readonly boxXyxyPx: BoxXyxy }>(
  items: readonly Item[],
  point: Point,
  reach = 0,
): Item[] {
  const hit = items.filter(({ boxXyxyPx: [x0, y0, x1, y1] }) =>
    contains([x0 - reach, y0 - reach, x1 + reach, y1 + reach], point),
  );
  return hit.reverse().sort((a, b) => areaOf(a.boxXyxyPx) - areaOf(b.boxXyxyPx));
}

export function sameBox(a: BoxXyxy, b: BoxXyxy): boolean {
  return a.every((value, at) => value === b[at]);
}
