import { promisifyRequest, setMany, type UseStore } from 'idb-keyval';
import type { KeptRecords, RecordKey, RunDatabase } from '../../train/types.ts';
import type { Database } from './database.ts';
import { keysWithin } from './keys-within.ts';
import { reported } from './storage-failure.ts';

/** The runs of the studio's database. Checkpoints are on the disk once they are written, the rest once it is handed over. */
export function browserRunDatabase(database: Database): RunDatabase {
  return {
    runs: keptRecords(database.store('runs')),
    metrics: keptRecords(database.store('metrics')),
    checkpoints: keptRecords(database.store('checkpoints', 'strict')),
  };
}

function keptRecords<Value>(use: UseStore): KeptRecords<Value> {
  return {
    get: (key) => use('readonly', (store) => promisifyRequest<Value | undefined>(store.get([...key]))),
    values: (prefix) => use('readonly', (store) => promisifyRequest<Value[]>(store.getAll(keysWithin(prefix)))),
    keys: (prefix) =>
      use('readonly', async (store) => (await promisifyRequest(store.getAllKeys(keysWithin(prefix)))) as RecordKey[]),
    put: (records) =>
      reported(bytesOf(records), () =>
        setMany(
          records.map(([key, value]) => [[...key], value]),
          use,
        ),
      ),
    update: (key, change) =>
      reported(0, () =>
        use('readwrite', async (store) => {
          // What follows a request's own event happens in its transaction.
          const old = await promisifyRequest<Value | undefined>(store.get([...key]));
          if (old === undefined) return false;
          store.put(change(old), [...key]);
          await promisifyRequest(store.transaction);
          return true;
        }),
      ),
    delete: (prefix, from) =>
      reported(0, () =>
        use('readwrite', async (store) => {
          store.delete(keysWithin(prefix, from));
          await promisifyRequest(store.transaction);
        }),
      ),
  };
}

function bytesOf(records: readonly (readonly [RecordKey, unknown])[]): number {
  return records.reduce(
    (sum, [, value]) => sum + (value instanceof ArrayBuffer ? value.byteLength : JSON.stringify(value).length),
    0,
  );
}
