import { resizeBilinear } from '../resize.ts';
import type { RgbImage } from '../types.ts';
import type { Look } from './types.ts';

/** Side of the grey picture that is transformed. */
const SIDE = 64;
/** Of the transformed, so many rows and columns of the lowest frequencies make the bits. */
const KEPT = 16;
/** A wave of one level of grey. */
const LEAST_DETAIL = (SIDE * SIDE) / 4;

/** The look of a picture in which nothing is to be seen: it is like no other. */
export const PLAIN: Look = '0'.repeat(64);

/**
 * What a picture looks like, in 256 bits that hardly change when it is resized, compressed or made a little lighter: which
 * of the 16 x 16 lowest frequencies of its 64 x 64 grey version are above their median. The idea is pHash's (Zauner 2010, "Implementation
 * and Benchmarking of Perceptual Image Hash Functions"), with four times its bits, since photographs of one kind look alike.
 */
export function perceptualHash(image: RgbImage): Look {
  const { data } = resizeBilinear(image, { h: SIDE, w: SIDE });
  const grey = new Float64Array(SIDE * SIDE);
  for (let i = 0; i < grey.length; i += 1) {
    // BT.601's luma.
    grey[i] = 0.299 * (data[3 * i] ?? 0) + 0.587 * (data[3 * i + 1] ?? 0) + 0.114 * (data[3 * i + 2] ?? 0);
  }
  const lowest = lowestFrequencies(grey);
  if (lowest.slice(1).every((part) => Math.abs(part) < LEAST_DETAIL)) return PLAIN;
  // The mean is no detail: it is in no comparison, and its bit is always 0.
  const median = lowest.slice(1).sort()[127] ?? 0;
  let look = '';
  for (let i = 0; i < lowest.length; i += 4) {
    let digit = 0;
    for (let bit = 0; bit < 4; bit += 1) {
      if (i + bit > 0 && (lowest[i + bit] ?? 0) > median) digit |= 8 >> bit;
    }
    look += digit.toString(16);
  }
  return look;
}

/** `[KEPT, KEPT]` of the two-dimensional discrete cosine transform of `[SIDE, SIDE]`, not scaled. */
function lowestFrequencies(grey: Float64Array): Float64Array {
  const rows = new Float64Array(SIDE * KEPT);
  for (let y = 0; y < SIDE; y += 1) {
    for (let u = 0; u < KEPT; u += 1) {
      let sum = 0;
      for (let x = 0; x < SIDE; x += 1) sum += (grey[y * SIDE + x] ?? 0) * (COSINES[u * SIDE + x] ?? 0);
      rows[y * KEPT + u] = sum;
    }
  }
  const out = new Float64Array(KEPT * KEPT);
  for (let v = 0; v < KEPT; v += 1) {
    for (let u = 0; u < KEPT; u += 1) {
      let sum = 0;
      for (let y = 0; y < SIDE; y += 1) sum += (rows[y * KEPT + u] ?? 0) * (COSINES[v * SIDE + y] ?? 0);
      out[v * KEPT + u] = sum;
    }
  }
  return out;
}

const COSINES = Float64Array.from({ length: KEPT * SIDE }, (_, i) =>
  Math.cos((Math.PI / SIDE) * ((i % SIDE) + 0.5) * Math.floor(i / SIDE)),
);
