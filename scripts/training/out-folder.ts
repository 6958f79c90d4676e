import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../src/base/errors.ts';
import { folderFeatureStore } from '../../src/platform/node/feature-store.ts';
import type { FeatureStore } from '../../src/train/types.ts';

/** `runs/NAME-N`, the first N that is free. */
export async function nextRunFolder(name: string): Promise<string> {
  for (let n = 1; ; n++) {
    const folder = join('runs', `${safeName(name)}-${n}`);
    if ((await entriesOf(folder)) === null) return folder;
  }
}

/** Where features of a data set are kept: beside the runs, for all of them. */
export function featureFolder(name: string): FeatureStore {
  return folderFeatureStore(join('runs', '.features', safeName(name)));
}

/** Refuses a folder that holds something, unless told otherwise. Throws `storage`. */
export async function refuseFullFolder(folder: string, force: boolean): Promise<void> {
  const entries = await entriesOf(folder);
  if (force || entries === null || entries.length === 0) return;
  throw new StudioError(
    'storage',
    `The output folder ${folder} is not empty (it holds ${entries.slice(0, 3).join(', ')}); expected a new or empty one. Choose another, or say --force to write into it.`,
    { folder },
  );
}

async function entriesOf(folder: string): Promise<string[] | null> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new StudioError('storage', `The output folder ${folder} can't be used (${error.message}); choose another.`);
  });
}

function safeName(name: string): string {
  return name.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+/, '') || 'run';
}
