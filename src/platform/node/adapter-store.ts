import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AdapterStore } from '../../tf/types.ts';
import { cacheFolder } from './cache-folder.ts';

/** A JSON file an adapter in the user's cache folder, or in the one that is given. */
export function folderAdapterStore(folder = cacheFolder('adapters')): AdapterStore {
  const pathOf = (name: string) => join(folder, `${name.replace(/[^\p{L}\p{N}.-]+/gu, '-')}.json`);
  return {
    async read(name) {
      const text = await readFile(pathOf(name), 'utf8').catch(() => null);
      return text === null ? null : tableOf(text);
    },
    async write(name, table) {
      try {
        await mkdir(folder, { recursive: true });
        await writeFile(pathOf(name), `${JSON.stringify(table, null, 2)}\n`);
      } catch {
        // A cache that can't be written is done without.
      }
    },
  };
}

function tableOf(text: string): Record<string, string> | null {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return null;
    return Object.fromEntries(
      Object.entries(json).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  } catch {
    return null;
  }
}
