import { promisifyRequest, type UseStore } from 'idb-keyval';
import type { FeatureSpace } from '../../data/types.ts';
import type { FeatureIdentity, FeatureShelf, FeatureStore } from '../../train/types.ts';
import type { Database } from './database.ts';
import { keysWithin } from './keys-within.ts';
import { freeStorageBytes, reported } from './storage-failure.ts';

/** What is kept of one set: its features lie beside it, by ['view', set, name of the view], as ArrayBuffers. */
interface KeptRecord {
  readonly identity: FeatureIdentity;
  readonly bytes: number;
}

const keptKey = (setId: string) => ['kept', setId];
const viewKey = (setId: string, key: string) => ['view', setId, key];

/** The features of one data set in IndexedDB. They can be made anew: no write waits for the disk. */
export function browserFeatureStore(database: Database, setId: string): FeatureStore {
  const use = database.store('features');
  return {
    place: "this browser's storage",
    kept: async () => (await use('readonly', (store) => keptOf(store, setId))) ?? null,
    open: (identity) =>
      reported(0, () =>
        use('readwrite', async (store) => {
          const kept = await keptOf(store, setId);
          if (kept === undefined || !isSame(kept.identity, identity)) {
            store.delete(keysWithin(['view', setId]));
            store.put({ identity, bytes: 0 } satisfies KeptRecord, keptKey(setId));
          }
          await promisifyRequest(store.transaction);
          return shelf(use, setId, identity);
        }),
      ),
    freeBytes: freeStorageBytes,
  };
}

/** The space that features take in this browser, and how it is given back. */
export function browserFeatureSpace(database: Database): FeatureSpace {
  const use = database.store('features');
  return {
    async bytes(setId) {
      const range = keysWithin(setId === undefined ? ['kept'] : keptKey(setId));
      const kept = await use('readonly', (store) => promisifyRequest<KeptRecord[]>(store.getAll(range)));
      return kept.reduce((sum, { bytes }) => sum + bytes, 0);
    },
    remove: (setId) =>
      reported(0, () =>
        use('readwrite', async (store) => {
          for (const kind of ['kept', 'view']) store.delete(keysWithin(setId === undefined ? [kind] : [kind, setId]));
          await promisifyRequest(store.transaction);
        }),
      ),
  };
}

function shelf(use: UseStore, setId: string, identity: FeatureIdentity): FeatureShelf {
  return {
    get: (key) =>
      use('readonly', async (store) => {
        const found = await promisifyRequest<ArrayBuffer | undefined>(store.get(viewKey(setId, key)));
        return found ?? null;
      }),
    put: (features) => {
      const bytes = [...features.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
      return reported(bytes, () =>
        use('readwrite', async (store) => {
          const kept = await keptOf(store, setId);
          // Deleted, or begun anew by another run meanwhile: these are of no use there.
          if (kept === undefined || !isSame(kept.identity, identity)) return;
          for (const [key, buffer] of features) store.put(buffer, viewKey(setId, key));
          store.put({ identity, bytes: kept.bytes + bytes } satisfies KeptRecord, keptKey(setId));
          await promisifyRequest(store.transaction);
        }),
      );
    },
  };
}

function keptOf(store: IDBObjectStore, setId: string): Promise<KeptRecord | undefined> {
  return promisifyRequest<KeptRecord | undefined>(store.get(keptKey(setId)));
}

function isSame(a: FeatureIdentity, b: FeatureIdentity): boolean {
  return (Object.keys(a) as (keyof FeatureIdentity)[]).every((part) => a[part] === b[part]);
}
