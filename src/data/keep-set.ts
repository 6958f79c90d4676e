import { StudioError } from '../base/errors.ts';
import { freeName } from './free-name.ts';
import { discardImport } from './import-journal.ts';
import { countSet } from './set-figures.ts';
import type { DataSetIndex, DataSetStore, DataSetSummary, ImportResult } from './types.ts';

export interface KeepPorts {
  readonly store: DataSetStore;
  /** All sets there are, to recognise one that comes again. */
  readonly summaries: () => Promise<readonly DataSetSummary[]>;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/**
 * Ends an import whose pictures are stored: what no sample uses is deleted, the index is written last, and the journal goes.
 * A set of the same content that was there before is returned in its place, and nothing stays of this one. Throws `storage`
 * where stored pictures are gone.
 */
export async function keepSet(
  read: DataSetIndex,
  pictures: {
    readonly byteLength: (path: string) => number;
    /** In hexadecimal, where it is known. */
    readonly sha256: (path: string) => string | undefined;
    readonly resumed: number;
  },
  { store, summaries, clock }: KeepPorts,
): Promise<ImportResult> {
  const { problems } = read;
  const resumedPictures = pictures.resumed;
  const others = await summaries();
  const index = { ...read, name: freeName(read.name, others) };
  const same = sameSet(others, index.hash);
  if (same !== undefined) {
    await discardImport(store, index.id);
    return { summary: same, alreadyThere: true, resumedPictures, problems };
  }
  const used = new Set(index.samples.map(({ imagePath }) => imagePath));
  const there = new Set(await store.picturePaths(index.id));
  const missing = [...used].filter((path) => !there.has(path));
  if (missing.length > 0) {
    const message = `${missing.length} pictures that were stored are gone, ${missing[0]} among them: something deleted this site's data meanwhile. Import the set again.`;
    throw new StudioError('storage', message, { missing: missing.length });
  }
  const unused = [...there].filter((path) => !used.has(path));
  if (unused.length > 0) await store.removePictures(index.id, unused);
  const bytes = [...used].reduce((sum, path) => sum + pictures.byteLength(path), 0);
  const summary: DataSetSummary = { ...countSet(index), bundled: false, bytes, importedAtMs: clock() };
  await store.writeSet({ summary, index, pictureSha256: knownSha256(used, pictures.sha256) });
  await store.removeJournal(index.id);
  return { summary, alreadyThere: false, resumedPictures, problems };
}

/** The set of that content, if it is there and has pictures of its own. */
export function sameSet(sets: readonly DataSetSummary[], content: string): DataSetSummary | undefined {
  return sets.find(({ hash, picturesOf }) => hash === content && picturesOf === undefined);
}

function knownSha256(paths: ReadonlySet<string>, sha256: (path: string) => string | undefined): Record<string, string> {
  const known: [string, string][] = [];
  for (const path of paths) {
    const digest = sha256(path);
    if (digest !== undefined) known.push([path, digest]);
  }
  return Object.fromEntries(known);
}
