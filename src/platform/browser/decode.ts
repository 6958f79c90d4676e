import { StudioError } from '../../base/errors.ts';
import type { DecodePixels, RgbImage } from '../../data/types.ts';
import { readTransparent } from './read-transparent.ts';

/**
 * Decodes with the browser, in a page or a worker: EXIF orientation applied, colour profile not, alpha dropped without
 * blending. Throws `bad-image`.
 */
export const decodePixels: DecodePixels = async (bytes) => {
  const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]), {
    colorSpaceConversion: 'none',
    premultiplyAlpha: 'none',
  }).catch((cause: unknown) => {
    throw new StudioError('bad-image', 'The browser cannot decode this picture; it is damaged.', {}, { cause });
  });
  try {
    return { size: { h: bitmap.height, w: bitmap.width }, data: readRgb(bitmap) };
  } finally {
    bitmap.close();
  }
};

/** Rows of a large picture are read in bands, so that no second whole copy in RGBA is held. */
const BAND_PIXELS = 1 << 22;

function readRgb(bitmap: ImageBitmap): RgbImage['data'] {
  const { width, height } = bitmap;
  const bandHeight = Math.max(1, Math.min(height, Math.floor(BAND_PIXELS / width)));
  const canvas = new OffscreenCanvas(width, bandHeight);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new StudioError('bad-image', 'The browser gives no canvas to read the picture with.');
  context.globalCompositeOperation = 'copy';
  const rgb = new Uint8Array(width * height * 3);
  for (let top = 0; top < height; top += bandHeight) {
    const rows = Math.min(bandHeight, height - top);
    context.drawImage(bitmap, 0, -top);
    const { data } = context.getImageData(0, 0, width, rows);
    if (!copyOpaque(data, rgb, top * width * 3)) {
      const whole = readTransparent(bitmap);
      if (whole !== null) {
        copyColours(whole, rgb);
        return rgb;
      }
      copyColours(data, rgb, top * width * 3);
    }
  }
  return rgb;
}

/** Copies RGBA to RGB; false, having stopped, at the first pixel that is not opaque. */
function copyOpaque(rgba: Uint8ClampedArray, rgb: Uint8Array, start: number): boolean {
  let out = start;
  for (let i = 0; i < rgba.length; i += 4) {
    if (rgba[i + 3] !== 255) return false;
    rgb[out] = rgba[i] as number;
    rgb[out + 1] = rgba[i + 1] as number;
    rgb[out + 2] = rgba[i + 2] as number;
    out += 3;
  }
  return true;
}

function copyColours(rgba: Uint8ClampedArray | Uint8Array, rgb: Uint8Array, start = 0): void {
  let out = start;
  for (let i = 0; i < rgba.length; i += 4) {
    rgb[out] = rgba[i] as number;
    rgb[out + 1] = rgba[i + 1] as number;
    rgb[out + 2] = rgba[i + 2] as number;
    out += 3;
  }
}
