import { sha256Hex } from './sha256.ts';
import type { Sample } from './types.ts';

/**
 * sha256 over each sample's id, size, boxes and its picture's own sha256, in order of ids, in hexadecimal: the same content
 * gives the same hash, whatever it was packed in. `pictureSha256` gives the digest of a sample's picture.
 */
export async function hashDataSet(
  samples: readonly Sample[],
  pictureSha256: (id: string) => Promise<string>,
): Promise<string> {
  const ordered = [...samples].sort((a, b) => (a.id < b.id ? -1 : 1));
  const lines: string[] = [];
  for (const { id, size, objects, labelled } of ordered) {
    const boxes = objects.map(({ className, boxXyxyPx, difficult, truncated, occluded, crowd }) => [
      className,
      boxXyxyPx,
      difficult,
      truncated,
      // Only where it is so: a set without such marks keeps the hash that it had before there were any.
      ...(crowd ? [true] : []),
      ...(occluded ? ['occluded'] : []),
    ]);
    // A line of JSON each: no two data sets give the same text.
    lines.push(JSON.stringify([id, size.h, size.w, labelled, boxes, await pictureSha256(id)]));
  }
  return sha256Hex(new TextEncoder().encode(lines.join('\n')));
}
