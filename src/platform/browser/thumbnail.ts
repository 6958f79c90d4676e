import { StudioError } from '../../base/errors.ts';
import type { ImageHeader } from '../../data/types.ts';

/**
 * A picture whose header was read and found good, turned as EXIF says and scaled down to that height, encoded for `<img>`:
 * so that the page decodes and draws none of it itself. One that is no higher is given as it is. Throws `bad-image`.
 */
export async function encodeThumbnail(
  bytes: Uint8Array<ArrayBuffer>,
  { size }: ImageHeader,
  heightPx: number,
): Promise<Blob> {
  const encoded = new Blob([bytes]);
  const resizeHeight = Math.max(1, Math.round(heightPx));
  const resizeWidth = Math.max(1, Math.round((size.w * resizeHeight) / size.h));
  const reduced = size.h > resizeHeight ? { resizeHeight, resizeWidth, resizeQuality: 'medium' as const } : {};
  const bitmap = await createImageBitmap(encoded, reduced).catch((cause: unknown) => {
    throw new StudioError('bad-image', 'The browser cannot decode this picture; it is damaged.', {}, { cause });
  });
  try {
    if (size.h <= resizeHeight) return encoded;
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    // What a model is not shown, the transparency of a picture, is not shown here either.
    canvas.getContext('2d', { alpha: false })?.drawImage(bitmap, 0, 0);
    return await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
  } finally {
    bitmap.close();
  }
}
