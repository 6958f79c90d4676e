import { createSHA256 } from 'hash-wasm';
import type { Sample } from './types.ts';

/** sha256 over each sample's id, size, boxes and picture bytes, in order of the samples, in hexadecimal. */
export async function hashDataSet(
  samples: readonly Sample[],
  imageBytes: (id: string) => Promise<Uint8Array>,
): Promise<string> {
  const hash = await createSHA256();
  hash.init();
  for (const { id, size, objects, labelled } of samples) {
    const boxes = objects.map(({ className, boxXyxyPx, difficult, truncated }) => [
      className,
      boxXyxyPx,
      difficult,
      truncated,
    ]);
    const bytes = await imageBytes(id);
    // JSON with the length of what follows: no two data sets give the same stream of bytes.
    hash.update(`${JSON.stringify([id, size.h, size.w, labelled, boxes, bytes.byteLength])}\n`);
    hash.update(bytes);
  }
  return hash.digest('hex');
}
