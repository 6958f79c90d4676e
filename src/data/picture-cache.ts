import { type ByteCache, createByteCache } from '../base/byte-cache.ts';
import type { RgbImage } from './types.ts';

/** Keeps resized pictures by key, up to a number of bytes. */
export type PictureCache = ByteCache<RgbImage>;

/** An empty cache. */
export function createPictureCache(maxBytes: number): PictureCache {
  return createByteCache(maxBytes, ({ data }) => data.byteLength);
}
