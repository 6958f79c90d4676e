import type { Size } from './boxes.ts';

/** How thick and how large things are drawn on a picture. */
export interface Strokes {
  readonly linePx: number;
  readonly fontPx: number;
}

const SMALLEST_FONT_PX = 10;

/** Lines and letters that suit a picture of this size; 14 px on 640 x 480. */
export function strokesFor({ h, w }: Size): Strokes {
  const edge = Math.sqrt(h * w);
  return { linePx: Math.max(1.5, edge / 250), fontPx: Math.round(Math.max(SMALLEST_FONT_PX, edge / 40)) };
}

/** A detection's label on its plate, such as "cat 0.98". */
export function labelText({ label, score }: { readonly label: string; readonly score: number }): string {
  return `${label.length > 40 ? `${label.slice(0, 40)}...` : label} ${score.toFixed(2)}`;
}
