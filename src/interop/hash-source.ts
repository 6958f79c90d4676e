import type { IHasher } from 'hash-wasm';
import type { WeightsPart } from './read-in-parts.ts';

/** Hashes the first so many bytes of a file, a chunk at a time. */
export async function hashSource(
  hash: IHasher,
  source: Pick<WeightsPart['source'], 'read'>,
  byteLength: number,
  chunkBytes: number,
): Promise<void> {
  for (let begin = 0; begin < byteLength; begin += chunkBytes) {
    hash.update(await source.read(begin, Math.min(byteLength, begin + chunkBytes)));
  }
}
