import sharp from 'sharp';
import type { Size } from '../../src/base/boxes.ts';
import type { RgbImage } from '../../src/data/types.ts';

/** A picture as it is shown on a sheet. */
export interface Thumbnail {
  /** Of the picture itself, which boxes refer to. */
  readonly size: Size;
  /** Encoded, at `DENSITY` times the size of its place. */
  readonly jpeg: Buffer;
}

/** The place of a picture on a sheet, in pixels of the sheet. */
export const CELL: Size = { h: 210, w: 280 };
/** Pixels of a picture for one of the sheet, so that it is sharp on dense screens and on paper. */
const DENSITY = 2;
const JPEG_QUALITY = 82;

/** How large a picture is drawn for its own size, so that it fills its place one way. */
export function scaleOf({ h, w }: Size): number {
  return Math.min(CELL.w / w, CELL.h / h);
}

/** Shrinks a picture to what a sheet shows of it: one at its own size may take a hundred megabytes. */
export async function thumbnail({ size, data }: RgbImage): Promise<Thumbnail> {
  const scale = scaleOf(size) * DENSITY;
  const jpeg = await sharp(data, { raw: { width: size.w, height: size.h, channels: 3 } })
    .resize(Math.max(1, Math.round(size.w * scale)), Math.max(1, Math.round(size.h * scale)), {
      fit: 'fill',
      kernel: 'lanczos3',
    })
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer();
  return { size, jpeg };
}
