import { StudioError } from '../base/errors.ts';
import type { PictureSink } from './import-intake.ts';
import type { DataSetStore, DataSetSummary, ImportJournal, JournalPicture } from './types.ts';

/** In place of what was given: the journal of a set that comes in with a project. Broken off, it is not gone on with. */
export const PROJECT_SOURCE = 'project';

/**
 * The journal of an import that was broken off where `source` is the same, or came from the same address; else a new one.
 * What it has stored counts by its sha256 alone.
 */
export async function beginJournal(
  store: DataSetStore,
  { name, identity, address }: { readonly name: string; readonly identity: string; readonly address?: string },
  begun: { readonly newId: () => string; readonly clock: () => number },
): Promise<ImportJournal> {
  const journals = await store.journals();
  // A set that was made of its first pictures needs these as they are.
  const used = new Set((await store.summaries()).map(({ picturesOf }) => picturesOf));
  const before =
    journals.find(({ source }) => source === identity) ??
    journals.find((other) => address !== undefined && other.address === address && !used.has(other.id));
  const isDone = before !== undefined && (await store.index(before.id)) !== null;
  // Broken off between its last two writes, an import is done: its files are those of a set.
  if (before !== undefined && isDone) await store.removeJournal(before.id);
  const goesOn = before !== undefined && !isDone;
  const begin = goesOn ? before : { id: begun.newId(), startedAtMs: begun.clock() };
  const { id, startedAtMs } = begin;
  const journal: ImportJournal = { id, name, source: identity, startedAtMs, ...(address !== undefined && { address }) };
  if (!goesOn || before.source !== identity || before.address !== address) await store.writeJournal(journal);
  return journal;
}

/** What the journal says and the store really has. */
export async function storedBefore(store: DataSetStore, importId: string): Promise<readonly JournalPicture[]> {
  const named = await store.journalPictures(importId);
  if (named.length === 0) return named;
  const there = new Set(await store.picturePaths(importId));
  return named.filter(({ path }) => there.has(path));
}

/** A sink into the store, each batch followed by its part of the journal, which `stored` begins; `onStored` hears of it. */
export function journalledSink(
  store: DataSetStore,
  importId: string,
  stored: readonly JournalPicture[],
  onStored: (pictures: readonly JournalPicture[]) => void = () => undefined,
): PictureSink {
  let batchNumber = stored.length;
  return {
    async write(pictures, facts) {
      await store.writePictures(importId, pictures);
      // Broken off here, the pictures are written again over themselves.
      await store.writeJournalPictures(importId, batchNumber, facts);
      batchNumber += facts.length;
      onStored(facts);
    },
    async read(path) {
      const bytes = await store.picture(importId, path);
      if (bytes !== null) return bytes;
      throw new StudioError('not-found', `${path} is not in the browser's storage any more.`, { path });
    },
  };
}

/** The sets that were made of the first pictures of that import or set, and are nothing without it. */
export async function partsOf(store: DataSetStore, id: string): Promise<readonly DataSetSummary[]> {
  return (await store.summaries()).filter(({ picturesOf }) => picturesOf === id);
}

/** Deletes what an import has stored, and what was made of it, journal last. Returns the bytes that became free. */
export async function discardImport(store: DataSetStore, importId: string): Promise<number> {
  const stored = await store.journalPictures(importId);
  for (const { id } of await partsOf(store, importId)) await store.removeSet(id);
  await store.removePictures(importId, await store.picturePaths(importId));
  await store.removeJournal(importId);
  return bytesOf(stored);
}

/** Bytes of pictures that a journal names, each path once. */
export function bytesOf(stored: readonly JournalPicture[]): number {
  const byPath = new Map(stored.map(({ path, byteLength }) => [path, byteLength]));
  return [...byPath.values()].reduce((sum, byteLength) => sum + byteLength, 0);
}
