import type { Size } from '../base/boxes.ts';

/** A part of a picture, in whole pixels of it. */
export interface CropWindow {
  readonly top: number;
  readonly left: number;
  readonly h: number;
  readonly w: number;
}

/** Factors, 1 for no change. */
export interface ColourChange {
  readonly brightness: number;
  /** About middle grey. */
  readonly contrast: number;
  /** 0 would be grey. */
  readonly saturation: number;
}

/**
 * All that is done to one picture before it is normalised, in this order: cut out, resized, colours changed, mirrored.
 * Plain JSON; the same plan gives the same pixels on every machine.
 */
export interface ViewPlan {
  /** Null for the whole picture. */
  readonly crop: CropWindow | null;
  /** What the cut-out becomes, in pixels. */
  readonly size: Size;
  readonly colour: ColourChange | null;
  readonly flip: boolean;
}

/** The picture as it is, resized. */
export function wholeView(size: Size): ViewPlan {
  return { crop: null, size, colour: null, flip: false };
}
