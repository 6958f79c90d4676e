import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../src/base/errors.ts';
import { looksLikeShardIndex, SHARD_INDEX_FILE } from '../../src/base/shard-format.ts';
import { readShardIndex, type ShardIndex } from '../../src/data/shard-index.ts';
import { ifMissing } from '../../src/platform/node/if-missing.ts';
import { writeWhole } from '../../src/platform/node/shard-folder.ts';

/** Says what a folder's shards are made from; it is written first. */
export const SOURCE_FILE = 'source.json';

/** What was asked for: the same again goes on, or is done already. */
export interface Asked {
  readonly source: string;
  readonly shardBytes: number;
}

/**
 * Makes a folder ours for what is asked: one that is not there, is empty, or was begun for the same. Gives the index of a set
 * that is complete. Throws `storage` where the folder holds anything else, or a damaged set: nothing in it is touched then.
 */
export async function claimFolder(folder: string, asked: Asked): Promise<ShardIndex | null> {
  const text = `${JSON.stringify(asked, null, 2)}\n`;
  const names = await readdir(folder).catch(ifMissing([]));
  const isBegun = (await readFile(join(folder, SOURCE_FILE), 'utf8').catch(ifMissing(null))) === text;
  if (isBegun) return completeSet(folder);
  const rest = names.filter((name) => name !== `${SOURCE_FILE}.writing`);
  if (rest.length > 0) {
    const found = rest.includes(SOURCE_FILE) ? 'was begun with another source or other shards' : 'is not empty';
    const message = `The folder ${folder} ${found}; nothing in it was changed. Give another with --out, or delete it.`;
    throw new StudioError('storage', message, { folder });
  }
  await mkdir(folder, { recursive: true });
  await writeWhole(folder, SOURCE_FILE, new TextEncoder().encode(text));
  return null;
}

async function completeSet(folder: string): Promise<ShardIndex | null> {
  const path = join(folder, SHARD_INDEX_FILE);
  const text = await readFile(path, 'utf8').catch(ifMissing(null));
  if (text === null || !looksLikeShardIndex(text)) return null;
  const index = readShardIndex(text, path);
  for (const { name, byteLength } of index.shards) {
    const size = (await stat(join(folder, name)).catch(ifMissing(null)))?.size ?? null;
    if (size === byteLength) continue;
    const message = `${join(folder, name)} has ${size ?? 'no'} bytes, expected ${byteLength}: the set there is damaged. Delete the folder, and give the same command again.`;
    throw new StudioError('storage', message, { folder });
  }
  return index;
}
