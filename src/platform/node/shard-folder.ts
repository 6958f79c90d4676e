import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../base/errors.ts';
import type { ReadShard } from '../../data/types.ts';
import { ifMissing } from './if-missing.ts';
import { readAt } from './read-part.ts';
import { orStorageError } from './storage-failure.ts';

const WRITING = '.writing';

/** Writes a file of a folder wholly or not at all; one that has these bytes already is left alone. Throws `storage`. */
export async function writeWhole(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const path = join(folder, name);
  const words = { failed: `${path} could not be written`, whenFull: 'Free some space and give the same command.' };
  await orStorageError(words, async () => {
    if (await hasBytes(path, bytes)) return;
    await mkdir(folder, { recursive: true });
    const file = await open(path + WRITING, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(path + WRITING, path);
  });
}

/** Deletes shards that are not among these, and files that a kill left half written. */
export async function sweepShards(folder: string, names: readonly string[]): Promise<void> {
  const kept = new Set(names);
  for (const name of await readdir(folder)) {
    const isShard = /^shard-\d{5,}\.tar$/.test(name) && !kept.has(name);
    const isHalf = /^(shard-\d{5,}\.tar|index\.json)\.writing$/.test(name);
    if (isShard || isHalf) await rm(join(folder, name), { force: true });
  }
}

/** Reads out of the shards of a folder, each of which is opened once. */
export function folderShards(folder: string): ReadShard {
  const files = new Map<string, Promise<FileHandle>>();
  return async (name, byteOffset, byteLength) => {
    const path = join(folder, name);
    let file = files.get(name);
    if (file === undefined) {
      file = open(path, 'r').catch((cause: unknown) => {
        files.delete(name);
        const message = `The shard ${path} cannot be read; check that it is still there, or make the set again with npm run data.`;
        throw new StudioError('not-found', message, { path }, { cause });
      });
      files.set(name, file);
    }
    const bytes = await readAt(await file, byteOffset, byteLength);
    if (bytes !== null) return bytes;
    const message = `The shard ${path} ends before byte ${byteOffset + byteLength}; it was cut off. Make the set again with npm run data.`;
    throw new StudioError('bad-archive', message, { path });
  };
}

async function hasBytes(path: string, bytes: Uint8Array): Promise<boolean> {
  const about = await stat(path).catch(ifMissing(null));
  if (about === null || about.size !== bytes.byteLength) return false;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).equals(await readFile(path));
}
