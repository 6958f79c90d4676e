import type { BoxXyxy, Size } from '../base/boxes.ts';
import type { ImageHeader } from './types.ts';
import { type PlacedObjects, placeObjects } from './voc-boxes.ts';

/** A box of a format that has fractions of a pixel, 0-based and half-open. */
export interface FoundBox {
  readonly className: string;
  readonly boxXyxyPx: BoxXyxy;
  readonly difficult: boolean;
  readonly truncated: boolean;
  readonly occluded?: true;
  readonly crowd?: true;
}

/** Boxes are kept to this part of a pixel, which every format's text and VOC's "+ 1" bear without another rounding. */
const GRID = 1024;

/** Puts boxes on the displayed picture, as `placeObjects` does with VOC's. `declaredSize` is what the file says of the picture. */
export function placeBoxes(boxes: readonly FoundBox[], declaredSize: Size | null, header: ImageHeader): PlacedObjects {
  const objects = boxes.map(({ boxXyxyPx, ...object }) => {
    const [x0, y0, x1, y1] = boxXyxyPx.map((side) => Math.round(side * GRID) / GRID) as unknown as BoxXyxy;
    return { ...object, cornersInclusivePx: [x0 + 1, y0 + 1, x1, y1] as const };
  });
  return placeObjects({ declaredSize, objects, remarks: [] }, header);
}
