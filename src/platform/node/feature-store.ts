import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { FeatureIdentity, FeatureShelf, FeatureStore } from '../../train/types.ts';
import { ifMissing } from './if-missing.ts';
import { orStorageError } from './storage-failure.ts';

const identitySchema = z.object({
  weights: z.string(),
  dataSet: z.string(),
  pixels: z.string(),
  views: z.string(),
  stage: z.enum(['projected', 'memory']),
  format: z.literal('f16'),
}) satisfies z.ZodType<FeatureIdentity>;

const IDENTITY_FILE = 'identity.json';
const WRITING = '.writing';

/**
 * The features of one data set as a folder: `identity.json`, and a folder named by that identity with a file for each view.
 * So two processes that train on one data set with other weights never read each other's. A file is written beside its place
 * and renamed; none is flushed, since all can be made anew. Throws `storage` where the disk refuses.
 */
export function folderFeatureStore(folder: string): FeatureStore {
  const identityPath = join(folder, IDENTITY_FILE);
  return {
    place: folder,
    kept: () =>
      reported(folder, async () => {
        const text = await readFile(identityPath, 'utf8').catch(ifMissing(null));
        const identity = text === null ? null : parseIdentity(text);
        return identity === null ? null : { identity, bytes: await bytesIn(join(folder, nameOf(identity))) };
      }),
    open: (identity) =>
      reported(folder, async () => {
        const name = nameOf(identity);
        await mkdir(join(folder, name), { recursive: true });
        for (const entry of await readdir(folder)) {
          if (entry !== name && entry !== IDENTITY_FILE)
            await rm(join(folder, entry), { recursive: true, force: true });
        }
        await writeWhole(identityPath, `${JSON.stringify(identity, null, 2)}\n`);
        return shelf(join(folder, name));
      }),
    freeBytes: () =>
      reported(folder, async () => {
        const { bavail, bsize } = await statfs(folder);
        return bavail * bsize;
      }),
  };
}

function shelf(folder: string): FeatureShelf {
  const pathOf = (key: string): string => join(folder, `${hashOf(key)}.f16`);
  return {
    get: (key) =>
      reported(folder, async () => {
        const bytes = await readFile(pathOf(key)).catch(ifMissing(null));
        return bytes === null ? null : new Uint8Array(bytes).buffer;
      }),
    put: (features) =>
      reported(folder, async () => {
        await mkdir(folder, { recursive: true });
        for (const [key, buffer] of features) await writeWhole(pathOf(key), new Uint8Array(buffer));
      }),
  };
}

/** Names of views may hold whatever names of pictures hold, and be longer than names of files may be. */
function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function nameOf(identity: FeatureIdentity): string {
  return hashOf(JSON.stringify(identity, Object.keys(identity).sort()));
}

/** What is no identity is no cache. */
function parseIdentity(text: string): FeatureIdentity | null {
  try {
    return identitySchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch(ifMissing([]));
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(join(folder, name)).catch(ifMissing(null)))?.size),
  );
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}

async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const writing = `${path}.${process.pid}${WRITING}`;
  await writeFile(writing, content).catch(async (error: unknown) => {
    await rm(writing, { force: true });
    throw error;
  });
  await rename(writing, path);
}

function reported<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const words = {
    failed: `Features could not be kept in ${folder}`,
    whenFull: 'Free some space.',
    otherwise: `Check the folder ${dirname(folder)} and its rights.`,
  };
  return orStorageError(words, work);
}
