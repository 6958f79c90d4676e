import { appendFile, mkdir, readdir, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../base/errors.ts';
import type { HubRecord, HubStore } from '../../interop/types.ts';
import { cacheFolder } from './cache-folder.ts';
import { ifMissing } from './if-missing.ts';
import { readPart } from './read-part.ts';
import { orStorageError } from './storage-failure.ts';

const RECORD_FILE = 'detrain-hub.json';

const recordSchema = z.object({
  name: z.string(),
  hub: z.string(),
  commit: z.string().nullable(),
  complete: z.boolean(),
  files: z.array(
    z.object({
      name: z.string(),
      byteLength: z.number().nullable(),
      sha256: z.string().nullable(),
      etag: z.string().nullable(),
    }),
  ),
  fetchedAtMs: z.number(),
}) satisfies z.ZodType<HubRecord>;

/**
 * Models of the hub as folders, each a Hugging Face folder with a record of where it came from; in the user's cache
 * (`XDG_CACHE_HOME`, else `~/.cache`) where no folder is given. Throws `storage` where the disk refuses.
 */
export function folderHubStore(folder = cacheFolder('hub')): HubStore {
  const folderOf = (name: string): string => join(folder, name.replaceAll('/', '--'));
  const pathOf = (name: string, file: string): string => join(folderOf(name), file);
  const recordIn = async (path: string): Promise<HubRecord | null> => {
    const text = await readFile(join(path, RECORD_FILE), 'utf8').catch(ifMissing(null));
    return text === null ? null : parseRecord(text);
  };
  const keptBytes = async (name: string, file: string): Promise<number> =>
    (await stat(pathOf(name, file)).catch(ifMissing(null)))?.size ?? 0;
  return {
    place: folder,
    records: () =>
      reported(folder, async () => {
        const names = await readdir(folder).catch(ifMissing([] as string[]));
        const records = await Promise.all(names.map((name) => recordIn(join(folder, name))));
        return records.filter((record) => record !== null);
      }),
    record: (name) => reported(folder, () => recordIn(folderOf(name))),
    putRecord: (record) =>
      reported(folder, async () => {
        const path = pathOf(record.name, RECORD_FILE);
        await mkdir(folderOf(record.name), { recursive: true });
        await writeFile(`${path}.writing`, `${JSON.stringify(record, null, 2)}\n`, { flush: true });
        await rename(`${path}.writing`, path);
      }),
    keptBytes: (name, file) => reported(folder, () => keptBytes(name, file)),
    append: (name, file, at, bytes) =>
      reported(folder, async () => {
        if ((await keptBytes(name, file)) !== at) {
          const message = `${pathOf(name, file)} was written by another process meanwhile. Wait until that is done, then ask again.`;
          throw new StudioError('storage', message);
        }
        await mkdir(folderOf(name), { recursive: true });
        await appendFile(pathOf(name, file), bytes);
      }),
    source: (name, file) =>
      reported(folder, async () => {
        const path = pathOf(name, file);
        return { byteLength: (await stat(path)).size, read: (begin, end) => readPart(path, begin, end) };
      }),
    removeFile: (name, file) => reported(folder, () => rm(pathOf(name, file), { force: true })),
    remove: (name) => reported(folder, () => rm(folderOf(name), { recursive: true, force: true })),
    freeBytes: () =>
      reported(folder, async () => {
        await mkdir(folder, { recursive: true });
        const { bavail, bsize } = await statfs(folder);
        return bavail * bsize;
      }),
  };
}

/** What is no record is no model. */
function parseRecord(text: string): HubRecord | null {
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function reported<T>(folder: string, work: () => Promise<T>): Promise<T> {
  return orStorageError(
    { failed: `Models of the hub cannot be kept in ${folder}`, whenFull: 'Free some space.' },
    work,
  );
}
