import { del, delMany, get, keys, set, setMany, type UseStore } from 'idb-keyval';
import type { DataSetIndex, DataSetStore, DataSetSummary, ImportJournal, JournalPicture } from '../../data/types.ts';
import type { Database } from './database.ts';
import { storageFailure } from './storage-failure.ts';

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
      return (await readAll<DataSetSummary>(sets, ids)).filter((summary) => summary !== undefined);
    },
    index: async (id) => (await get<DataSetIndex>([id, 'index'] satisfies SetKey, sets)) ?? null,
    writeSet: ({ summary, index }) =>
      written(JSON.stringify(index).length, () =>
        setMany(
          [
            [[index.id, 'summary'] satisfies SetKey, summary],
            [[index.id, 'index'] satisfies SetKey, index],
          ],
          sets,
        ),
      ),
    async removeSet(id) {
      await delMany([[id, 'summary'] satisfies SetKey, [id, 'index'] satisfies SetKey], sets);
      await pictures('readwrite', (store) => finished(store.delete(ofSet(id))));
    },
    async picture(setId, path) {
      const bytes = await get<ArrayBuffer>([setId, path], pictures);
      return bytes === undefined ? null : new Uint8Array(bytes);
    },
    writePictures: (setId, batch) =>
      written(
        batch.reduce((sum, { bytes }) => sum + bytes.byteLength, 0),
        () =>
          setMany(
            batch.map(({ path, bytes }) => [[setId, path], wholeBuffer(bytes)]),
            pictures,
          ),
      ),
    removePictures: (setId, paths) =>
      delMany(
        paths.map((path) => [setId, path]),
        pictures,
      ),
    picturePaths: (setId) =>
      pictures('readonly', async (store) => {
        const found = await result(store.getAllKeys(ofSet(setId)));
        return found.map((key) => (Array.isArray(key) ? String(key[1]) : ''));
      }),
    idsOfPictures: () => pictures('readonly', firstParts),
    // Strings sort before arrays.
    journals: () =>
      imports('readonly', (store) => result<ImportJournal[]>(store.getAll(IDBKeyRange.upperBound([], true)))),
    writeJournal: (journal) => written(0, () => set(journal.id satisfies JournalKey, journal, imports)),
    writeJournalPictures: (importId, batch, stored) =>
      written(0, () => set([importId, batch] satisfies JournalKey, stored, imports)),
    journalPictures: (importId) =>
      imports('readonly', async (store) => {
        const batches: JournalPicture[][] = await result(store.getAll(ofSet(importId)));
        return batches.flat();
      }),
    async removeJournal(importId) {
      await imports('readwrite', (store) => finished(store.delete(ofSet(importId))));
      await del(importId satisfies JournalKey, imports);
    },
  };
}

/** Every key [id, ...]: an array sorts after all numbers and strings. */
function ofSet(id: string): IDBKeyRange {
  return IDBKeyRange.bound([id], [id, []]);
}

/** The ids of keys [id, ...], each once, without walking over what lies between. */
async function firstParts(store: IDBObjectStore): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const last = ids.at(-1);
    const range = last === undefined ? null : IDBKeyRange.lowerBound([last, []], true);
    const [key] = await result(store.getAllKeys(range, 1));
    if (!Array.isArray(key)) return ids;
    ids.push(String(key[0]));
  }
}

/** In one transaction, which a transaction for each would take long for. */
function readAll<T>(store: UseStore, wanted: readonly IDBValidKey[]): Promise<(T | undefined)[]> {
  return store('readonly', (open) => Promise.all(wanted.map((key) => result(open.get(key)) as Promise<T | undefined>)));
}

/** The buffer that these bytes fill, without what lies around them. */
function wholeBuffer(bytes: Uint8Array<ArrayBuffer>): ArrayBuffer {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
}

async function written(byteLength: number, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    throw await storageFailure(cause, byteLength);
  }
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The browser gave no reason.'));
  });
}

/** Resolves when the request's transaction is over. */
function finished(request: IDBRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    const { transaction } = request;
    if (transaction === null) return resolve();
    transaction.oncomplete = () => resolve();
    const fail = () => reject(transaction.error ?? request.error ?? new Error('The browser gave no reason.'));
    transaction.onabort = fail;
    transaction.onerror = fail;
  });
}
