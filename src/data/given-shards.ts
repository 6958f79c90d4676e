import { StudioError } from '../base/errors.ts';
import type { ReadShardPart } from './fetch-shard.ts';
import { goneFile, isGone } from './gone-file.ts';
import { shardFault } from './shard-fault.ts';
import type { ShardIndex } from './shard-index.ts';
import { folderOf } from './tree-path.ts';
import type { GivenFile } from './types.ts';

/** So many are named in a sentence. */
const MOST_NAMED = 5;

/**
 * Reads shards that lie beside their index among files. Throws `not-found` at once, naming them, where shards with pictures
 * are missing or of another length than the index says; not with `takeWhatIsThere`.
 */
export function givenShards(
  index: ShardIndex,
  indexPath: string,
  files: readonly GivenFile[],
  takeWhatIsThere: boolean,
): ReadShardPart {
  const folder = folderOf(indexPath);
  const byPath = new Map(files.map(({ path, file }) => [path, file]));
  const fileOf = (name: string): Blob | undefined => byPath.get(folder === '' ? name : `${folder}/${name}`);
  if (!takeWhatIsThere) refuseLacking(index, fileOf);
  return async (shard, { begin, end }, take) => {
    const file = fileOf(shard.name);
    if (file === undefined) throw shardFault('not-found', shard.name, 'is not among the files.');
    try {
      const reader = file.slice(begin, end).stream().getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        await take(value);
      }
    } catch (thrown) {
      throw isGone(thrown) ? goneFile(shard.name, thrown) : thrown;
    }
    if (file.size < end) {
      const found = `is cut off: it has ${file.size} bytes, and the index lists ${shard.byteLength}.`;
      throw shardFault('bad-archive', shard.name, found);
    }
  };
}

function refuseLacking({ name, shards, samples }: ShardIndex, fileOf: (name: string) => Blob | undefined): void {
  const wanted = [...new Set(samples.map(({ picture }) => picture.shard))].sort((a, b) => a - b);
  const lacking = wanted.flatMap((number) => {
    const shard = shards[number];
    if (shard === undefined) return [];
    const file = fileOf(shard.name);
    if (file === undefined) return [`${shard.name} (missing)`];
    return file.size === shard.byteLength
      ? []
      : [`${shard.name} (${file.size} bytes; the index lists ${shard.byteLength})`];
  });
  if (lacking.length === 0) return;
  const more = lacking.length > MOST_NAMED ? ` and ${lacking.length - MOST_NAMED} more` : '';
  const named = `${lacking.slice(0, MOST_NAMED).join(', ')}${more}`;
  const message = `Of the ${wanted.length} shards with pictures of ${name} these are not there as the index lists them: ${named}. Give the whole folder with index.json and all its shards, or make it again with npm run data.`;
  throw new StudioError('not-found', message, { lacking: lacking.length, cutOff: lacking.length < wanted.length });
}
