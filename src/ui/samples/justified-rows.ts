import type { Size } from '../../base/boxes.ts';

/** A row of pictures of one height that fill the width. */
export interface JustifiedRow {
  /** Of the first picture, among all. */
  readonly first: number;
  readonly heightPx: number;
  /** Of each place, from left to right. */
  readonly widthsPx: readonly number[];
}

/** Narrower and wider pictures get a place of this shape, so that one panorama takes no row of its own. */
const NARROWEST = 0.5;
const WIDEST = 2.6;

/**
 * Lays pictures in rows of about `targetPx` height whose places, with `gapPx` between them, fill `widthPx` exactly. The
 * last row keeps its height where it is short. Pure and linear in the number of pictures.
 */
export function justifiedRows(
  sizes: readonly Size[],
  widthPx: number,
  targetPx: number,
  gapPx: number,
): readonly JustifiedRow[] {
  const rows: JustifiedRow[] = [];
  let ratios: number[] = [];
  let sum = 0;
  let first = 0;
  const close = (last: boolean): void => {
    if (ratios.length === 0) return;
    const space = Math.max(1, widthPx - gapPx * (ratios.length - 1));
    const full = space / sum;
    // Half a pixel of rounding must not push the last picture into another line.
    const heightPx = Math.floor((last ? Math.min(full, targetPx) : full) * 100) / 100;
    rows.push({ first, heightPx, widthsPx: ratios.map((ratio) => ratio * heightPx) });
    first += ratios.length;
    ratios = [];
    sum = 0;
  };
  for (const { h, w } of sizes) {
    const ratio = Math.min(WIDEST, Math.max(NARROWEST, w / h));
    // With this one the row would be lower than wished; without it higher: the nearer of both.
    const heightWith = (widthPx - gapPx * ratios.length) / (sum + ratio);
    const heightWithout = (widthPx - gapPx * (ratios.length - 1)) / sum;
    if (ratios.length > 0 && heightWith < targetPx && targetPx / heightWith > heightWithout / targetPx) close(false);
    ratios.push(ratio);
    sum += ratio;
  }
  close((widthPx - gapPx * (ratios.length - 1)) / sum > targetPx);
  return rows;
}

/** The row that holds a picture; -1 for none. By bisection. */
export function rowOf(rows: readonly JustifiedRow[], picture: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((rows[middle]?.first ?? 0) <= picture) low = middle;
    else high = middle - 1;
  }
  return high;
}

/** The picture above (`step` -1) or below (1) that stands nearest; the same where there is none. */
export function pictureInRow(rows: readonly JustifiedRow[], picture: number, step: number, gapPx: number): number {
  const at = rowOf(rows, picture);
  const from = rows[at];
  const to = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  if (from === undefined || to === undefined || from === to) return picture;
  const middle = middleOf(from, picture - from.first, gapPx);
  let best = 0;
  to.widthsPx.forEach((_, place) => {
    if (Math.abs(middleOf(to, place, gapPx) - middle) < Math.abs(middleOf(to, best, gapPx) - middle)) best = place;
  });
  return to.first + best;
}

function middleOf({ widthsPx }: JustifiedRow, place: number, gapPx: number): number {
  const before = widthsPx.slice(0, place).reduce((sum, width) => sum + width + gapPx, 0);
  return before + (widthsPx[place] ?? 0) / 2;
}
