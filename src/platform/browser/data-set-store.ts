import { del, delMany, get, getMany, keys, promisifyRequest, set, setMany, type UseStore } from 'idb-keyval';
import type { DataSetIndex, DataSetStore, DataSetSummary, ImportJournal, JournalPicture } from '../../data/types.ts';
import type { Database } from './database.ts';
import { keysWithin } from './keys-within.ts';
import { reported } from './storage-failure.ts';

/** So that two kinds of record lie in one store, and one transaction writes both. */
type SetKey = [id: string, kind: 'summary' | 'index'];
type JournalKey = string | [id: string, batch: number];

/**
 * Data sets in IndexedDB: `data-sets` holds a summary and an index by set, `imports` a journal by import and beside it what
 * each batch has stored, `pictures` the bytes by [set, path], as ArrayBuffers: some browsers fail on Blobs.
 */
export function browserDataSetStore(database: Database): DataSetStore {
  const sets = database.store('data-sets', 'strict');
  const imports = database.store('imports');
  const pictures = database.store('pictures');

  return {
    async summaries() {
      const ids = (await keys<SetKey>(sets)).filter(([, kind]) => kind === 'summary');
      return (await getMany<DataSetSummary>(ids, sets)).filter((summary) => summary !== undefined);
    },
    index: async (id) => (await get<DataSetIndex>([id, 'index'] satisfies SetKey, sets)) ?? null,
    writeSet: ({ summary, index }) =>
      reported(JSON.stringify(index).length, () =>
        setMany(
          [
            [[index.id, 'summary'] satisfies SetKey, summary],
            [[index.id, 'index'] satisfies SetKey, index],
          ],
          sets,
        ),
      ),
    removeSet: (id) =>
      reported(0, async () => {
        await delMany([[id, 'summary'] satisfies SetKey, [id, 'index'] satisfies SetKey], sets);
        await deleteWithin(pictures, id);
      }),
    async picture(setId, path) {
      const bytes = await get<ArrayBuffer>([setId, path], pictures);
      return bytes === undefined ? null : new Uint8Array(bytes);
    },
    writePictures: (setId, batch) =>
      reported(
        batch.reduce((sum, { bytes }) => sum + bytes.byteLength, 0),
        () =>
          setMany(
            batch.map(({ path, bytes }) => [[setId, path], wholeBuffer(bytes)]),
            pictures,
          ),
      ),
    removePictures: (setId, paths) =>
      reported(0, () =>
        delMany(
          paths.map((path) => [setId, path]),
          pictures,
        ),
      ),
    picturePaths: (setId) =>
      pictures('readonly', async (store) => {
        const found = await promisifyRequest(store.getAllKeys(keysWithin([setId])));
        return found.map((key) => (Array.isArray(key) ? String(key[1]) : ''));
      }),
    idsOfPictures: () => pictures('readonly', firstParts),
    // Strings sort before arrays.
    journals: () =>
      imports('readonly', (store) => promisifyRequest<ImportJournal[]>(store.getAll(IDBKeyRange.upperBound([], true)))),
    writeJournal: (journal) => reported(0, () => set(journal.id satisfies JournalKey, journal, imports)),
    writeJournalPictures: (importId, batch, stored) =>
      reported(0, () => set([importId, batch] satisfies JournalKey, stored, imports)),
    journalPictures: (importId) =>
      imports('readonly', async (store) => {
        const batches: JournalPicture[][] = await promisifyRequest(store.getAll(keysWithin([importId])));
        return batches.flat();
      }),
    removeJournal: (importId) =>
      reported(0, async () => {
        await deleteWithin(imports, importId);
        await del(importId satisfies JournalKey, imports);
      }),
  };
}

/** The ids of keys [id, ...], each once, without walking over what lies between. */
async function firstParts(store: IDBObjectStore): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const last = ids.at(-1);
    const range = last === undefined ? null : IDBKeyRange.lowerBound([last, []], true);
    const [key] = await promisifyRequest(store.getAllKeys(range, 1));
    if (!Array.isArray(key)) return ids;
    ids.push(String(key[0]));
  }
}

/** The buffer that these bytes fill, without what lies around them. */
function wholeBuffer(bytes: Uint8Array<ArrayBuffer>): ArrayBuffer {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
}

/** Deletes what has a key [id, ...]; resolves when the transaction is over. */
function deleteWithin(use: UseStore, id: string): Promise<void> {
  return use('readwrite', (store) => {
    store.delete(keysWithin([id]));
    return promisifyRequest(store.transaction);
  });
}
