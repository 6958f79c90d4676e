import { StudioError } from '../base/errors.ts';
import { readImageHeader } from './image-header.ts';
import type { DecodeImage, DecodePixels } from './types.ts';

/**
 * A decoder that reads the header first, so that no picture over the limit, cut off or of another format reaches the
 * platform's own, and that holds the platform to the size that the header gives.
 */
export function decodeWith(decodePixels: DecodePixels): DecodeImage {
  return async (bytes) => {
    const header = readImageHeader(bytes);
    const image = await decodePixels(bytes, header);
    const { h, w } = header.size;
    if (image.size.h !== h || image.size.w !== w) {
      const message = `The header says ${w} x ${h} pixels, decoded were ${image.size.w} x ${image.size.h}; save it anew.`;
      throw new StudioError('bad-image', message);
    }
    return image;
  };
}
