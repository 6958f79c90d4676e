import type { BoxXyxy } from './boxes.ts';

/**
 * Intersection over union of two boxes, 0 where they do not overlap. `extra` is added to every width and height: 0 for
 * continuous corners, 1 for the inclusive pixel corners of the classic VOC devkit (VOCevaldet.m).
 */
export function iou(a: BoxXyxy, b: BoxXyxy, extra: 0 | 1 = 0): number {
  const shared = intersection(a, b, extra);
  if (shared === 0) return 0;
  const areaA = (a[2] - a[0] + extra) * (a[3] - a[1] + extra);
  const areaB = (b[2] - b[0] + extra) * (b[3] - b[1] + extra);
  return shared / (areaA + areaB - shared);
}

/** The area that two boxes share; `extra` as above. */
export function intersection(a: BoxXyxy, b: BoxXyxy, extra: 0 | 1): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]) + extra;
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]) + extra;
  return width > 0 && height > 0 ? width * height : 0;
}
