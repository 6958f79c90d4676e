import { StudioError } from '../base/errors.ts';
import type { PictureSink } from './import-intake.ts';
import type { DataSetStore, ImportJournal, JournalPicture } from './types.ts';

/** The journal of an import that was broken off where `source` is the same, or a new one. */
export async function beginJournal(
  store: DataSetStore,
  { name, identity }: { readonly name: string; readonly identity: string },
  begun: { readonly newId: () => string; readonly clock: () => number },
): Promise<ImportJournal> {
  const before = (await store.journals()).find(({ source }) => source === identity);
  // Broken off between its last two writes, an import is done: its files are those of a set.
  if (before !== undefined && (await store.index(before.id)) === null) return before;
  if (before !== undefined) await store.removeJournal(before.id);
  const journal: ImportJournal = { id: begun.newId(), name, source: identity, startedAtMs: begun.clock() };
  await store.writeJournal(journal);
  return journal;
}

/** What the journal says and the store really has. */
export async function storedBefore(store: DataSetStore, importId: string): Promise<readonly JournalPicture[]> {
  const named = await store.journalPictures(importId);
  if (named.length === 0) return named;
  const there = new Set(await store.picturePaths(importId));
  return named.filter(({ path }) => there.has(path));
}

/** A sink into the store, each batch followed by its part of the journal, which `stored` begins. */
export function journalledSink(store: DataSetStore, importId: string, stored: readonly JournalPicture[]): PictureSink {
  let batchNumber = stored.length;
  return {
    async write(pictures, facts) {
      await store.writePictures(importId, pictures);
      // Broken off here, the pictures are written again over themselves.
      await store.writeJournalPictures(importId, batchNumber, facts);
      batchNumber += facts.length;
    },
    async read(path) {
      const bytes = await store.picture(importId, path);
      if (bytes !== null) return bytes;
      throw new StudioError('not-found', `${path} is not in the browser's storage any more.`, { path });
    },
  };
}

/** Deletes what an import has stored, journal last. Returns the bytes that became free. */
export async function discardImport(store: DataSetStore, importId: string): Promise<number> {
  const stored = await store.journalPictures(importId);
  await store.removePictures(importId, await store.picturePaths(importId));
  await store.removeJournal(importId);
  return bytesOf(stored);
}

/** Bytes of pictures that a journal names, each path once. */
export function bytesOf(stored: readonly JournalPicture[]): number {
  const byPath = new Map(stored.map(({ path, byteLength }) => [path, byteLength]));
  return [...byPath.values()].reduce((sum, byteLength) => sum + byteLength, 0);
}
