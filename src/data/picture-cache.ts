import type { RgbImage } from './types.ts';

/** Keeps pictures by key, up to a number of bytes; the one that was not asked for longest goes first. */
export interface PictureCache {
  get(key: string): RgbImage | undefined;
  set(key: string, image: RgbImage): void;
  bytes(): number;
}

/** An empty cache; a picture larger than `maxBytes` is not kept. */
export function createPictureCache(maxBytes: number): PictureCache {
  const held = new Map<string, RgbImage>();
  let bytes = 0;
  const drop = (key: string): void => {
    bytes -= held.get(key)?.data.byteLength ?? 0;
    held.delete(key);
  };
  return {
    get(key) {
      const image = held.get(key);
      if (image === undefined) return undefined;
      // A Map gives its keys in the order of insertion: the first is the one to go.
      held.delete(key);
      held.set(key, image);
      return image;
    },
    set(key, image) {
      drop(key);
      if (image.data.byteLength > maxBytes) return;
      held.set(key, image);
      bytes += image.data.byteLength;
      for (const oldest of held.keys()) {
        if (bytes <= maxBytes) break;
        drop(oldest);
      }
    },
    bytes: () => bytes,
  };
}
