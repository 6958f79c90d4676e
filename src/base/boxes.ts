/** A height and a width, in pixels or cells. Always this object, never a pair. */
export interface Size {
  readonly h: number;
  readonly w: number;
}

/** `[xmin, ymin, xmax, ymax]`, 0-based, half-open, continuous. */
export type BoxXyxy = readonly [number, number, number, number];

/** `[centre x, centre y, width, height]`. */
export type BoxCxcywh = readonly [number, number, number, number];

/** Corners to centre and size; the unit stays what it was. */
export function xyxyToCxcywh([x0, y0, x1, y1]: BoxXyxy): BoxCxcywh {
  return [(x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0];
}

/** Centre and size to corners; the unit stays what it was. */
export function cxcywhToXyxy([cx, cy, w, h]: BoxCxcywh): BoxXyxy {
  return [cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2];
}
