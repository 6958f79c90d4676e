import type { BoxXyxy, Size } from '../base/boxes.ts';
import { intersection } from '../base/iou.ts';

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
