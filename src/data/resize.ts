import type { Size } from '../base/boxes.ts';
import { StudioError } from '../base/errors.ts';
import { HALF, PRECISION_BITS, triangleWeights } from './triangle-weights.ts';
import type { RgbImage } from './types.ts';
import { rowWidener } from './widen-row.ts';

/**
 * Resizes with PIL's antialiased bilinear filter, bit for bit: weights in fixed point, first along the rows, rounded to 8
 * bits, then along the columns (Pillow 9.4 `src/libImaging/Resample.c`). The picture itself where the size is the same.
 * Throws `bad-image` for an empty size.
 */
export function resizeBilinear(image: RgbImage, size: Size): RgbImage {
  const { h, w } = image.size;
  if (!(size.h >= 1 && size.w >= 1)) {
    throw new StudioError('bad-image', `The picture of ${w} x ${h} pixels cannot be resized to ${size.w} x ${size.h}.`);
  }
  const resizeRows = size.w > w ? enlargeRows : shrinkRows;
  const wide = size.w === w ? image.data : resizeRows(image.data, h, w, size.w);
  const data = size.h === h ? wide : resizeColumns(wide, h, size.w, size.h);
  return { size, data };
}

/** `[h, w, 3]` to `[h, outW, 3]`. */
function enlargeRows(data: Uint8Array, h: number, w: number, outW: number): Uint8Array {
  const out = new Uint8Array(h * outW * 3);
  const widen = rowWidener(data, w, outW);
  for (let y = 0; y < h; y += 1) widen(y, out.subarray(y * outW * 3, (y + 1) * outW * 3));
  return out;
}

/** `[h, w, 3]` to `[h, outW, 3]`. */
function shrinkRows(data: Uint8Array, h: number, w: number, outW: number): Uint8Array {
  const { first, count, weights, taps } = triangleWeights(w, outW);
  const out = new Uint8Array(h * outW * 3);
  let to = 0;
  for (let y = 0; y < h; y += 1) {
    const row = y * w * 3;
    for (let x = 0; x < outW; x += 1) {
      let from = row + (first[x] as number) * 3;
      const firstWeight = x * taps;
      const end = firstWeight + (count[x] as number);
      let r = HALF;
      let g = HALF;
      let b = HALF;
      for (let k = firstWeight; k < end; k += 1) {
        const weight = weights[k] as number;
        r += Math.imul(data[from] as number, weight);
        g += Math.imul(data[from + 1] as number, weight);
        b += Math.imul(data[from + 2] as number, weight);
        from += 3;
      }
      // Weights are positive and sum to one within rounding: no sum leaves 0..255 by a whole level, nor 31 bits.
      out[to] = r >> PRECISION_BITS;
      out[to + 1] = g >> PRECISION_BITS;
      out[to + 2] = b >> PRECISION_BITS;
      to += 3;
    }
  }
  return out;
}

/** `[h, w, 3]` to `[outH, w, 3]`. */
function resizeColumns(data: Uint8Array, h: number, w: number, outH: number): Uint8Array {
  const { first, count, weights, taps } = triangleWeights(h, outH);
  const stride = w * 3;
  const out = new Uint8Array(outH * stride);
  const sums = new Int32Array(stride);
  for (let y = 0; y < outH; y += 1) {
    const target = out.subarray(y * stride, (y + 1) * stride);
    const rows = count[y] as number;
    const from = (first[y] as number) * stride;
    const w0 = weights[y * taps] as number;
    const w1 = rows > 1 ? (weights[y * taps + 1] as number) : 0;
    if (rows <= 2) {
      // Most rows of an enlargement.
      const next = rows > 1 ? from + stride : from;
      for (let x = 0; x < stride; x += 1) {
        const sum = HALF + Math.imul(data[from + x] as number, w0) + Math.imul(data[next + x] as number, w1);
        target[x] = sum >> PRECISION_BITS;
      }
      continue;
    }
    // Whole rows one after the other, so that memory is read in order.
    for (let x = 0; x < stride; x += 1) {
      sums[x] = HALF + Math.imul(data[from + x] as number, w0) + Math.imul(data[from + stride + x] as number, w1);
    }
    for (let k = 2; k < rows; k += 1) {
      const weight = weights[y * taps + k] as number;
      const row = from + k * stride;
      for (let x = 0; x < stride; x += 1) sums[x] = (sums[x] as number) + Math.imul(data[row + x] as number, weight);
    }
    for (let x = 0; x < stride; x += 1) target[x] = (sums[x] as number) >> PRECISION_BITS;
  }
  return out;
}
