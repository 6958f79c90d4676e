import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../src/base/errors.ts';
import type { Check } from './check.ts';
import { checkAveragePrecision } from './map.ts';
import { checkOperations } from './ops.ts';
import { checkRecipeModel } from './r50.ts';
import { checkWholeModel } from './whole-model.ts';

/** The kinds of golden numbers; `--only` takes these words. */
export const KINDS = ['tiny', 'r50', 'ops', 'map'] as const;

export type Kind = (typeof KINDS)[number];

/** One sub-folder of golden numbers. */
export interface Group {
  /** The sub-folder's name. */
  readonly name: string;
  readonly needsGpu: boolean;
  /** Runs its checks one by one. Throws `StudioError` where a file is missing or the GPU gives up. */
  checks(): AsyncGenerator<Check>;
}

interface KindOfGroup {
  readonly kind: Kind;
  readonly folderNames: RegExp;
  readonly needsGpu: boolean;
  readonly check: (folder: string) => AsyncGenerator<Check>;
}

/** In the order in which they run: the quick ones first. */
const KINDS_OF_GROUP: readonly KindOfGroup[] = [
  { kind: 'map', folderNames: /^map$/, needsGpu: false, check: checkAveragePrecision },
  { kind: 'ops', folderNames: /^ops$/, needsGpu: true, check: checkOperations },
  { kind: 'tiny', folderNames: /^tiny/, needsGpu: true, check: checkWholeModel },
  { kind: 'r50', folderNames: /^r50$/, needsGpu: true, check: checkRecipeModel },
];

/** The sub-folders of those kinds that a golden folder has. Throws `not-found` where there is none. */
export async function findGroups(folder: string, only: readonly Kind[] = KINDS): Promise<readonly Group[]> {
  const names = await namesOfFolders(folder);
  const groups = KINDS_OF_GROUP.filter(({ kind }) => only.includes(kind)).flatMap((kind) =>
    names
      .filter((name) => kind.folderNames.test(name))
      .map((name) => ({ name, needsGpu: kind.needsGpu, checks: () => kind.check(join(folder, name)) })),
  );
  if (groups.length > 0) return groups;
  const wanted = KINDS_OF_GROUP.filter(({ kind }) => only.includes(kind)).map(
    ({ kind }) => `${kind}${kind === 'tiny' ? '*' : ''}/`,
  );
  throw new StudioError(
    'not-found',
    `${folder} has none of the folders ${wanted.join(', ')}; expected a folder of golden numbers that has at least one.`,
    { folder },
  );
}

async function namesOfFolders(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch (cause) {
    throw new StudioError(
      'not-found',
      `${folder} is not a folder that can be read; expected one with golden numbers.`,
      { folder },
      { cause },
    );
  }
}
