import { StudioError } from '../../base/errors.ts';
import type { ImageHeader } from '../../data/types.ts';

/**
 * A picture whose header was read and found good, decoded by the browser, turned as EXIF says, and scaled down to that
 * height; the caller closes it. Throws `bad-image`.
 */
export async function decodeThumbnail(
  bytes: Uint8Array<ArrayBuffer>,
  { size }: ImageHeader,
  heightPx: number,
): Promise<ImageBitmap> {
  const resizeHeight = Math.max(1, Math.min(Math.round(heightPx), size.h));
  const resizeWidth = Math.max(1, Math.round((size.w * resizeHeight) / size.h));
  return createImageBitmap(new Blob([bytes]), { resizeHeight, resizeWidth, resizeQuality: 'medium' }).catch(
    (cause: unknown) => {
      throw new StudioError('bad-image', 'The browser cannot decode this picture; it is damaged.', {}, { cause });
    },
  );
}
