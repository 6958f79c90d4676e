import type { Size } from '../base/boxes.ts';
import { type NormaliseTable, writeNormalised } from './normalise.ts';
import { resizeBilinear } from './resize.ts';
import { triangleWeights } from './triangle-weights.ts';
import type { RgbImage } from './types.ts';
import { rowWidener } from './widen-row.ts';

// As in triangle-weights.ts: an imported binding is no constant to the engine's compiler, which is a fifth of the time.
const BITS = 22;
const ROUND = 1 << 21;

/** Where the pixels of a picture go: the top left corner of `[padded.h, padded.w, 3]` f32 at `offset` of `pixels`. */
export interface PixelPlace {
  readonly pixels: Float32Array;
  readonly offset: number;
  readonly padded: Size;
}

/**
 * Resizes a picture as `resizeBilinear` does and writes it as `writeNormalised` does, to the last bit. An enlargement, whose
 * pixels are many, is normalised as it is computed, from two widened rows at a time.
 */
export function writeResized(
  image: RgbImage,
  size: Size,
  table: NormaliseTable,
  place: PixelPlace,
  flip: boolean,
): void {
  const { h, w } = image.size;
  if (size.h > h && size.w > w) writeEnlarged(image, size, table, place, flip);
  else writeNormalised(resizeBilinear(image, size), table, place.pixels, place.offset, place.padded, flip);
}

function writeEnlarged(
  { size: { h, w }, data }: RgbImage,
  size: Size,
  table: NormaliseTable,
  { pixels, offset, padded }: PixelPlace,
  flip: boolean,
): void {
  const widen = rowWidener(data, w, size.w);
  const { first, count, weights, taps } = triangleWeights(h, size.h);
  let above = new Uint8Array(size.w * 3);
  let below = new Uint8Array(size.w * 3);
  let aboveRow = -1;
  let belowRow = -1;
  for (let y = 0; y < size.h; y += 1) {
    const upper = first[y] as number;
    const isPair = (count[y] as number) > 1;
    if (upper === belowRow) {
      [above, below] = [below, above];
      [aboveRow, belowRow] = [belowRow, aboveRow];
    }
    if (upper !== aboveRow) widen(upper, above);
    aboveRow = upper;
    if (isPair && belowRow !== upper + 1) {
      belowRow = upper + 1;
      widen(belowRow, below);
    }
    const wa = weights[y * taps] as number;
    const wb = isPair ? (weights[y * taps + 1] as number) : 0;
    const to = offset + (y * padded.w + (flip ? size.w - 1 : 0)) * 3;
    writeBetween(above, isPair ? below : above, wa, wb, table, pixels, to, flip ? -3 : 3);
  }
}

/** Writes the row between two others, each with its weight, from `to` on in steps of `step`. */
function writeBetween(
  above: Uint8Array,
  below: Uint8Array,
  wa: number,
  wb: number,
  [red, green, blue]: NormaliseTable,
  pixels: Float32Array,
  start: number,
  step: number,
): void {
  let to = start;
  for (let x = 0; x < above.length; x += 3) {
    const r = ROUND + Math.imul(above[x] as number, wa) + Math.imul(below[x] as number, wb);
    const g = ROUND + Math.imul(above[x + 1] as number, wa) + Math.imul(below[x + 1] as number, wb);
    const b = ROUND + Math.imul(above[x + 2] as number, wa) + Math.imul(below[x + 2] as number, wb);
    pixels[to] = red[r >> BITS] as number;
    pixels[to + 1] = green[g >> BITS] as number;
    pixels[to + 2] = blue[b >> BITS] as number;
    to += step;
  }
}
