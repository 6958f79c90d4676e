import type { DataSetIndex, DataSetStore } from '../types.ts';
import { applyChange } from './apply-change.ts';
import type { OpenEdits, SetChange, StoredVersion } from './types.ts';

/** What was edited since the last version, as a change to it. */
export function editsAsChange({ samples, classes }: OpenEdits): SetChange {
  return { samples, ...(classes === null ? {} : { classes }) };
}

/** A set as it was in a version, from the newest one's index; null where that version is not kept. */
export function atVersion(
  newest: DataSetIndex,
  versions: readonly StoredVersion[],
  number: number,
): DataSetIndex | null {
  const wanted = versions.find(({ version }) => version.number === number);
  if (wanted === undefined) return null;
  let index = newest;
  for (const { version, undo } of [...versions].reverse()) {
    if (version.number <= number) break;
    index = applyChange(index, undo).index;
  }
  return { ...index, hash: wanted.version.hash };
}

/** The kept version with that hash, the newest of several; null where there is none. */
export async function versionWithHash(store: DataSetStore, id: string, hash: string): Promise<DataSetIndex | null> {
  const [index, versions] = await Promise.all([store.index(id), store.versions(id)]);
  if (index === null) return null;
  if (index.hash === hash) return index;
  const found = [...versions].reverse().find(({ version }) => version.hash === hash);
  return found === undefined ? null : atVersion(index, versions, found.version.number);
}
