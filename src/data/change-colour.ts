import type { RgbImage } from './types.ts';
import type { ColourChange } from './view-plan.ts';

const MIDDLE_GREY = 127.5;

/**
 * The picture with brightness, then contrast about middle grey, then saturation changed, rounded to whole levels once. Grey
 * is the luma of ITU-R BT.601, as in PIL.
 */
export function changeColour({ size, data }: RgbImage, { brightness, contrast, saturation }: ColourChange): RgbImage {
  const gain = brightness * contrast;
  // The three together are one sum a channel: its own part, a part of the grey, and the shift that contrast makes.
  const own = gain * saturation;
  const grey = gain * (1 - saturation);
  const shift = MIDDLE_GREY * (1 - contrast);
  // The array rounds and clamps as it is written.
  const out = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i += 3) {
    const r = data[i] as number;
    const g = data[i + 1] as number;
    const b = data[i + 2] as number;
    const rest = grey * (0.299 * r + 0.587 * g + 0.114 * b) + shift;
    out[i] = own * r + rest;
    out[i + 1] = own * g + rest;
    out[i + 2] = own * b + rest;
  }
  return { size, data: new Uint8Array(out.buffer) };
}
