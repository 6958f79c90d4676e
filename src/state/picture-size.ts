import type { Size } from '../base/boxes.ts';

/** A camera's thumbnails and notes may stand before the size. */
const HEADER_BYTES = 512 * 1024;

/** The size of a picture as displayed, from its header, so that its place is known before it is drawn; null where there is none. */
export async function pictureSize(file: Blob): Promise<Size | null> {
  const head = new Uint8Array(await file.slice(0, HEADER_BYTES).arrayBuffer());
  // Fetched when the first picture comes.
  const { imageSize } = await import('image-size');
  try {
    const { width, height, orientation = 1, type } = imageSize(head);
    if (!(width > 0 && height > 0)) return null;
    return type === 'jpg' && orientation >= 5 ? { h: width, w: height } : { h: height, w: width };
  } catch {
    // The worker reads it again, and tells what is wrong with it.
    return null;
  }
}
