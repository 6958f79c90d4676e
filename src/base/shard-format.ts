/** Stands at the beginning of the index of a set in shards. */
export const SHARD_FORMAT = 'detrain-shards';

/** The file that makes a folder of shards a data set: it is written last. */
export const SHARD_INDEX_FILE = 'index.json';

/** True for the beginning of a file that may be the index of a set in shards. */
export function looksLikeShardIndex(text: string): boolean {
  return text.slice(0, 200).includes(`"${SHARD_FORMAT}"`);
}
