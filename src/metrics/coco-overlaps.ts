import type { BoxXyxy, Size } from '../base/boxes.ts';

/** A box with, where its source states them, its own width and height. */
export interface SizedBox {
  readonly boxXyxy: BoxXyxy;
  readonly size?: Size;
}

/** Width times height: of the stated size, else of the corners. */
export function boxArea({ boxXyxy: [x0, y0, x1, y1], size }: SizedBox): number {
  return size === undefined ? (x1 - x0) * (y1 - y0) : size.w * size.h;
}

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

/**
 * COCO's overlap of each detection with each true box, `[detections, truth]` row-major: intersection over union, or over
 * the detection's area where the truth is a crowd (pycocotools `common/maskApi.c`, bbIou).
 */
export function cocoOverlaps(
  detections: readonly SizedBox[],
  truth: readonly (SizedBox & { readonly crowd?: boolean })[],
): Float64Array {
  const overlaps = new Float64Array(detections.length * truth.length);
  const truthAreas = truth.map(boxArea);
  let at = 0;
  for (const detection of detections) {
    const area = boxArea(detection);
    truth.forEach(({ boxXyxy, crowd }, index) => {
      const shared = intersection(detection.boxXyxy, boxXyxy, 0);
      const whole = crowd ? area : area + (truthAreas[index] ?? 0) - shared;
      overlaps[at] = shared === 0 ? 0 : shared / whole;
      at += 1;
    });
  }
  return overlaps;
}

function intersection(a: BoxXyxy, b: BoxXyxy, extra: 0 | 1): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]) + extra;
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]) + extra;
  return width > 0 && height > 0 ? width * height : 0;
}
