import { del, delMany, get, getMany, promisifyRequest, set, setMany, type UseStore } from 'idb-keyval';
import type {
  DataSetIndex,
  DataSetStore,
  DataSetSummary,
  ImportJournal,
  JournalPicture,
  OpenEdits,
  ProposalRecord,
  Sample,
  StoredVersion,
} from '../../data/types.ts';
import type { Database } from './database.ts';
import { keysWithin } from './keys-within.ts';
import { reported } from './storage-failure.ts';

/** So that all records of a set lie in one store, and one transaction writes several. */
type SetKey =
  | [id: string, kind: 'summary' | 'index' | 'pictures' | 'looks' | 'revision' | 'classes']
  | [id: string, kind: 'version', number: number]
  | [id: string, kind: 'edit', sampleId: string]
  | [id: string, kind: 'proposed', weights: string, sampleId: string];
type JournalKey = string | [id: string, batch: number];

/**
 * Data sets in IndexedDB: `data-sets` holds all but the pictures by [set, kind, ...]: a summary, the index of the last version, the pictures' sha256, the
 * versions, by picture what was edited since, and what became of proposed boxes; `imports` a journal by import and beside it what
 * each batch has stored, `pictures` the bytes by [set, path], as ArrayBuffers: some browsers fail on Blobs.
 */
export function browserDataSetStore(database: Database): DataSetStore {
  const sets = database.store('data-sets', 'strict');
  const imports = database.store('imports');
  const pictures = database.store('pictures');

  return {
    async summaries() {
      const ids = await sets('readonly', firstParts);
      const keys = ids.map((id): SetKey => [id, 'summary']);
      return (await getMany<DataSetSummary>(keys, sets)).filter((summary) => summary !== undefined);
    },
    index: async (id) => (await get<DataSetIndex>([id, 'index'] satisfies SetKey, sets)) ?? null,
    writeSet: ({ summary, index, pictureSha256 = {}, versions = [], edits, proposals = [] }) =>
      reported(JSON.stringify(index).length, () =>
        written(sets, index.id, [
          [[index.id, 'summary'], summary],
          [[index.id, 'index'], index],
          [[index.id, 'pictures'], pictureSha256],
          ...versions.map((version): Written => [[index.id, 'version', version.version.number], version]),
          ...proposals.map((record): Written => [proposalKey(index.id, record), record]),
          ...editRecords(index.id, edits ?? { samples: [], classes: null }),
        ]),
      ),
    pictureSha256: async (id) => (await get<Record<string, string>>([id, 'pictures'] satisfies SetKey, sets)) ?? null,
    writePictureSha256: (id, sha256) => reported(0, () => set([id, 'pictures'] satisfies SetKey, sha256, sets)),
    looks: async (id) => (await get<Record<string, string>>([id, 'looks'] satisfies SetKey, sets)) ?? null,
    writeLooks: (id, looks) => reported(0, () => set([id, 'looks'] satisfies SetKey, looks, sets)),
    proposalRecords: (id) =>
      sets('readonly', (store) => promisifyRequest<ProposalRecord[]>(store.getAll(keysWithin([id, 'proposed'])))),
    writeProposalRecord: (id, record) => reported(0, () => set(proposalKey(id, record), record, sets)),
    revision: async (id) => (await get<number>([id, 'revision'] satisfies SetKey, sets)) ?? 0,
    openEdits: (id) =>
      sets('readonly', async (store) => {
        const samples = promisifyRequest<Sample[]>(store.getAll(keysWithin([id, 'edit'])));
        const classes = promisifyRequest<string[] | undefined>(store.get([id, 'classes'] satisfies SetKey));
        return { samples: await samples, classes: (await classes) ?? null };
      }),
    writeEdits: (id, edits, summary) =>
      reported(0, () => written(sets, id, [...editRecords(id, edits), [[id, 'summary'], summary]])),
    versions: (id) =>
      sets('readonly', (store) => promisifyRequest<StoredVersion[]>(store.getAll(keysWithin([id, 'version'])))),
    writeVersions: (versions, index, summary) =>
      reported(JSON.stringify(index).length, () =>
        written(
          sets,
          index.id,
          [
            ...versions.map((version): Written => [[index.id, 'version', version.version.number], version]),
            [[index.id, 'index'], index],
            [[index.id, 'summary'], summary],
          ],
          (store) => {
            store.delete(keysWithin([index.id, 'edit']));
            store.delete([index.id, 'classes'] satisfies SetKey);
          },
        ),
      ),
    renameVersion: (id, version) =>
      reported(0, () => set([id, 'version', version.version.number] satisfies SetKey, version, sets)),
    removeVersionsBefore: (id, number) =>
      reported(0, () =>
        sets('readwrite', (store) => {
          store.delete(IDBKeyRange.bound([id, 'version'], [id, 'version', number], false, true));
          return promisifyRequest(store.transaction);
        }),
      ),
    removeSet: (id) =>
      reported(0, async () => {
        await deleteWithin(sets, id);
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

const proposalKey = (id: string, { weights, sampleId }: ProposalRecord): SetKey => [id, 'proposed', weights, sampleId];

type Written = [key: SetKey, value: unknown];

function editRecords(id: string, { samples, classes }: OpenEdits): Written[] {
  return [
    ...samples.map((sample): Written => [[id, 'edit', sample.id], sample]),
    ...(classes === null ? [] : [[[id, 'classes'], classes] satisfies Written]),
  ];
}

/** Writes records of a set in one transaction, with a new revision, after what `first` does. */
function written(
  use: UseStore,
  id: string,
  records: readonly Written[],
  first: (store: IDBObjectStore) => void = () => undefined,
): Promise<void> {
  return use('readwrite', async (store) => {
    const revision = await promisifyRequest<number | undefined>(store.get([id, 'revision'] satisfies SetKey));
    first(store);
    for (const [key, value] of records) store.put(value, key);
    store.put((revision ?? 0) + 1, [id, 'revision'] satisfies SetKey);
    return promisifyRequest(store.transaction);
  });
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
