import { StudioError } from '../base/errors.ts';
import type { DataSetStore, ImportJournal, JournalPicture, StoredDataSet } from './types.ts';

/** A `DataSetStore` in memory, as strict as a database: what is read is a copy. For tests only. */
export interface TestStore extends DataSetStore {
  /** Bytes of pictures it takes before it is full. */
  capacity: number;
  /** Called before each write with its name; what it throws is thrown, and nothing is written. */
  beforeWrite: (name: keyof DataSetStore) => void;
  /** Paths of pictures that were written, in order, again where again. */
  readonly writtenPaths: string[];
  pictureCount(): number;
}

/** An empty store. */
export function testStore(): TestStore {
  const sets = new Map<string, StoredDataSet>();
  const pictures = new Map<string, Map<string, Uint8Array<ArrayBuffer>>>();
  const journals = new Map<string, ImportJournal>();
  const parts = new Map<string, Map<number, readonly JournalPicture[]>>();
  const writtenPaths: string[] = [];
  const bytes = () =>
    [...pictures.values()].flatMap((of) => [...of.values()]).reduce((sum, { byteLength }) => sum + byteLength, 0);

  const store: TestStore = {
    capacity: Number.POSITIVE_INFINITY,
    beforeWrite: () => undefined,
    writtenPaths,
    pictureCount: () => [...pictures.values()].reduce((sum, { size }) => sum + size, 0),
    summaries: async () => [...sets.values()].map(({ summary }) => structuredClone(summary)),
    index: async (id) => structuredClone(sets.get(id)?.index ?? null),
    async writeSet(set) {
      store.beforeWrite('writeSet');
      sets.set(set.index.id, structuredClone(set));
    },
    async removeSet(id) {
      store.beforeWrite('removeSet');
      sets.delete(id);
      pictures.delete(id);
    },
    picture: async (id, path) => pictures.get(id)?.get(path)?.slice() ?? null,
    async writePictures(id, batch) {
      store.beforeWrite('writePictures');
      const neededBytes = batch.reduce((sum, { bytes: { byteLength } }) => sum + byteLength, 0);
      const freeBytes = store.capacity - bytes();
      if (neededBytes > freeBytes) throw new StudioError('storage', 'Full.', { neededBytes, freeBytes });
      const held = pictures.get(id) ?? new Map<string, Uint8Array<ArrayBuffer>>();
      pictures.set(id, held);
      for (const { path, bytes } of batch) {
        held.set(path, bytes.slice());
        writtenPaths.push(path);
      }
    },
    async removePictures(id, paths) {
      store.beforeWrite('removePictures');
      for (const path of paths) pictures.get(id)?.delete(path);
      if (pictures.get(id)?.size === 0) pictures.delete(id);
    },
    picturePaths: async (id) => [...(pictures.get(id)?.keys() ?? [])],
    idsOfPictures: async () => [...pictures.keys()],
    journals: async () => [...journals.values()],
    async writeJournal(journal) {
      store.beforeWrite('writeJournal');
      journals.set(journal.id, journal);
    },
    async writeJournalPictures(id, batch, stored) {
      store.beforeWrite('writeJournalPictures');
      const held = parts.get(id) ?? new Map<number, readonly JournalPicture[]>();
      parts.set(id, held.set(batch, structuredClone(stored)));
    },
    journalPictures: async (id) => [...(parts.get(id) ?? [])].sort(([a], [b]) => a - b).flatMap(([, part]) => part),
    async removeJournal(id) {
      store.beforeWrite('removeJournal');
      parts.delete(id);
      journals.delete(id);
    },
  };
  return store;
}
