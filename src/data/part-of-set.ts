import { hashDataSet } from './data-set-hash.ts';
import type { ShardIndex } from './shard-index.ts';
import type { DataSetIndex } from './types.ts';

/** A set in shards as the studio keeps sets: where its pictures lay in shards is of no use any more. */
export function asKept(index: ShardIndex, id: string): DataSetIndex {
  const { sources: _, shardBytes: __, counts: ___, shards: ____, samples, ...set } = index;
  return { ...set, id, samples: samples.map(({ picture: _____, ...sample }) => sample) };
}

/**
 * The part of a set whose pictures are there, with a hash of its own. Its classes are those of the whole, so that what is
 * trained on the part has a head for the whole.
 */
export async function partOfSet(
  index: ShardIndex,
  isThere: (imagePath: string) => boolean,
): Promise<Pick<ShardIndex, 'samples' | 'splits' | 'hash'>> {
  const samples = index.samples.filter(({ imagePath }) => isThere(imagePath));
  const digests = new Map(samples.map(({ id, picture }) => [id, picture.sha256]));
  const splits = Object.fromEntries(
    Object.entries(index.splits).map(([split, ids]) => [split, ids.filter((id) => digests.has(id))]),
  );
  return { samples, splits, hash: await hashDataSet(samples, async (id) => digests.get(id) ?? '') };
}
