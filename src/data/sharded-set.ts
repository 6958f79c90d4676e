import { StudioError } from '../base/errors.ts';
import { sha256Hex } from './sha256.ts';
import type { ShardIndex } from './shard-index.ts';
import type { DataSet, ReadShard } from './types.ts';

/**
 * The data set of an index, its pictures read one by one out of the shards, whatever the order. `imageBytes` throws
 * `not-found`, as `read`, and `bad-archive` where a picture's bytes are not those that were written.
 */
export function openShardedSet(index: ShardIndex, read: ReadShard): DataSet {
  const { sources: _, shardBytes: __, counts: ___, shards, samples, ...set } = index;
  const places = new Map(samples.map(({ id, picture }) => [id, picture]));
  return {
    ...set,
    samples: samples.map(({ picture: _, ...sample }) => sample),
    async imageBytes(id) {
      const place = places.get(id);
      const shard = place === undefined ? undefined : shards[place.shard];
      if (place === undefined || shard === undefined) {
        throw new StudioError('not-found', `The data set has no picture "${id}".`, { id });
      }
      const bytes = await read(shard.name, place.byteOffset, place.byteLength);
      if ((await sha256Hex(bytes)) === place.sha256) return bytes;
      const message = `The picture "${id}" in ${shard.name} is not what was written there: the file was changed or damaged. Make the set again with npm run data.`;
      throw new StudioError('bad-archive', message, { id, shard: shard.name });
    },
  };
}
