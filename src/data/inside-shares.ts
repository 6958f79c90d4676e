import type { CropWindow } from './view-plan.ts';

/** How much of each box's area lies inside the window: `[n]`, 0 to 1, of `[n, 4]` f32 xyxy in pixels; 0 for an empty box. */
export function insideShares(boxesXyxyPx: Float32Array, { top, left, h, w }: CropWindow): number[] {
  return Array.from({ length: boxesXyxyPx.length / 4 }, (_, i) => {
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = boxesXyxyPx.subarray(i * 4, i * 4 + 4);
    const area = (x1 - x0) * (y1 - y0);
    const across = Math.min(x1, left + w) - Math.max(x0, left);
    const down = Math.min(y1, top + h) - Math.max(y0, top);
    return area > 0 ? (Math.max(0, across) * Math.max(0, down)) / area : 0;
  });
}
