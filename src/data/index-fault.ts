import { MAX_PICTURE_BYTES } from './picture-limits.ts';
import type { ShardedSample, ShardIndex } from './shard-index.ts';
import { safeTreePath } from './tree-path.ts';

/** What in an index contradicts itself, as the end of a sentence; null where it holds together. */
export function indexFault(index: ShardIndex): string | null {
  const { classes, samples, shards, splits } = index;
  if (new Set(classes).size < classes.length) return 'names a class twice';
  if (new Set(shards.map(({ name }) => name)).size < shards.length) return 'names a shard twice';
  const known = new Set(classes);
  const labelledById = new Map(samples.map(({ id, labelled }) => [id, labelled]));
  if (labelledById.size < samples.length) return 'names a picture twice';
  if (new Set(samples.map(({ imagePath }) => imagePath)).size < samples.length)
    return 'names the file of a picture twice';
  for (const sample of samples) {
    const fault = sampleFault(sample, known, index);
    if (fault !== null) return fault;
  }
  for (const [split, ids] of Object.entries(splits)) {
    const stray = ids.find((id) => labelledById.get(id) !== true);
    if (stray !== undefined) return `has "${stray}" in the split "${split}", and no such picture with labels`;
    if (new Set(ids).size < ids.length) return `has a picture twice in the split "${split}"`;
  }
  return overlapFault(samples);
}

function sampleFault(
  { id, imagePath, size, objects, picture }: ShardedSample,
  classes: ReadonlySet<string>,
  { shards }: ShardIndex,
): string | null {
  const { shard, byteOffset, byteLength } = picture;
  if (byteOffset + byteLength > (shards[shard]?.byteLength ?? -1))
    return `places the picture "${id}" outside its shards`;
  if (byteLength === 0 || byteLength > MAX_PICTURE_BYTES) return `gives the picture "${id}" ${byteLength} bytes`;
  if (safeTreePath(imagePath) !== imagePath) return `has a picture whose path "${imagePath}" leads elsewhere`;
  for (const { className, boxXyxyPx } of objects) {
    if (!classes.has(className)) return `has a box of the class "${className}" in "${id}", and no such class`;
    const [x1, y1, x2, y2] = boxXyxyPx;
    const isInside = x1 >= 0 && y1 >= 0 && x1 <= x2 && y1 <= y2 && x2 <= size.w && y2 <= size.h;
    if (!isInside) return `has a box outside the picture "${id}"`;
  }
  return null;
}

/** No two pictures have a byte in common. */
function overlapFault(samples: readonly ShardedSample[]): string | null {
  const ordered = [...samples].sort(
    ({ picture: a }, { picture: b }) => a.shard - b.shard || a.byteOffset - b.byteOffset,
  );
  for (const [i, { id, picture }] of ordered.entries()) {
    const before = ordered[i - 1]?.picture;
    if (before === undefined || before.shard !== picture.shard) continue;
    if (before.byteOffset + before.byteLength > picture.byteOffset) return `places the picture "${id}" inside another`;
  }
  return null;
}
