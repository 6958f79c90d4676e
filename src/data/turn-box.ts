import type { BoxXyxy, Size } from '../base/boxes.ts';
import type { Orientation } from './types.ts';

/**
 * A box in the stored pixels as it lies in the displayed picture; `stored` is the stored size, the unit is its pixels
 * (EXIF 2.32, tag 274).
 */
export function turnBoxToDisplayed([x0, y0, x1, y1]: BoxXyxy, stored: Size, orientation: Orientation): BoxXyxy {
  const { h, w } = stored;
  switch (orientation) {
    case 1:
      return [x0, y0, x1, y1];
    case 2: // mirrored left to right
      return [w - x1, y0, w - x0, y1];
    case 3: // half a turn
      return [w - x1, h - y1, w - x0, h - y0];
    case 4: // mirrored top to bottom
      return [x0, h - y1, x1, h - y0];
    case 5: // mirrored along the main diagonal
      return [y0, x0, y1, x1];
    case 6: // a quarter turn clockwise
      return [h - y1, x0, h - y0, x1];
    case 7: // mirrored along the other diagonal
      return [h - y1, w - x1, h - y0, w - x0];
    case 8: // a quarter turn anticlockwise
      return [y0, w - x1, y1, w - x0];
  }
}
