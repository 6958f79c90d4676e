import { promisifyRequest } from 'idb-keyval';
import { StudioError } from '../../base/errors.ts';
import type { ByteSource, HubRecord, HubStore } from '../../interop/types.ts';
import type { Database } from './database.ts';
import { keysWithin } from './keys-within.ts';
import { freeStorageBytes, reported } from './storage-failure.ts';

const recordKey = (name: string) => ['record', name];
/** A chunk lies by where it begins, with its length in its key: so lengths are known without reading it. */
const chunkKey = (name: string, file: string, at: number, length: number) => ['chunk', name, file, at, length];

interface Chunk {
  readonly at: number;
  readonly length: number;
}

/** Models of the hub in IndexedDB, in chunks. */
export function browserHubStore(database: Database): HubStore {
  const use = database.store('hub', 'strict');
  const chunksOf = (name: string, file: string): Promise<Chunk[]> =>
    use('readonly', async (store) => {
      const keys = await promisifyRequest(store.getAllKeys(keysWithin(['chunk', name, file])));
      return (keys as (string | number)[][]).map((key) => ({ at: Number(key[3]), length: Number(key[4]) }));
    });
  const lengthOf = (chunks: readonly Chunk[]): number => {
    const last = chunks.at(-1);
    return last === undefined ? 0 : last.at + last.length;
  };
  return {
    place: "this browser's storage",
    records: () => use('readonly', (store) => promisifyRequest<HubRecord[]>(store.getAll(keysWithin(['record'])))),
    record: async (name) =>
      (await use('readonly', (store) => promisifyRequest<HubRecord | undefined>(store.get(recordKey(name))))) ?? null,
    putRecord: (record) =>
      reported(0, () =>
        use('readwrite', async (store) => {
          store.put(record, recordKey(record.name));
          await promisifyRequest(store.transaction);
        }),
      ),
    keptBytes: async (name, file) => lengthOf(await chunksOf(name, file)),
    append: (name, file, at, bytes) =>
      reported(bytes.byteLength, async () => {
        if (lengthOf(await chunksOf(name, file)) !== at) {
          const message = `${file} of ${name} was changed by another tab meanwhile. Wait until that is done, then fetch it again.`;
          throw new StudioError('storage', message);
        }
        await use('readwrite', async (store) => {
          // A buffer of its own where the view lies in a larger one, which would be stored whole.
          const isAll = bytes.byteLength === bytes.buffer.byteLength;
          const buffer = isAll ? bytes.buffer : new Uint8Array(bytes).buffer;
          store.put(buffer, chunkKey(name, file, at, bytes.byteLength));
          await promisifyRequest(store.transaction);
        });
      }),
    source: async (name, file) =>
      chunkedSource(await chunksOf(name, file), ({ at, length }) =>
        use('readonly', (store) =>
          promisifyRequest<ArrayBuffer | undefined>(store.get(chunkKey(name, file, at, length))),
        ),
      ),
    removeFile: (name, file) =>
      reported(0, () =>
        use('readwrite', async (store) => {
          store.delete(keysWithin(['chunk', name, file]));
          await promisifyRequest(store.transaction);
        }),
      ),
    remove: (name) =>
      reported(0, () =>
        use('readwrite', async (store) => {
          store.delete(keysWithin(['chunk', name]));
          store.delete(recordKey(name));
          await promisifyRequest(store.transaction);
        }),
      ),
    freeBytes: freeStorageBytes,
  };
}

/** Reads parts of a file that lies in chunks, with one chunk in memory: quickest where it is read from front to back. */
function chunkedSource(chunks: readonly Chunk[], get: (chunk: Chunk) => Promise<ArrayBuffer | undefined>): ByteSource {
  let held: { readonly at: number; readonly bytes: Uint8Array<ArrayBuffer> } | null = null;
  const hold = async (chunk: Chunk): Promise<Uint8Array<ArrayBuffer>> => {
    if (held?.at === chunk.at) return held.bytes;
    // The one before is let go before the next one comes.
    held = null;
    const buffer = await get(chunk);
    if (buffer === undefined || buffer.byteLength !== chunk.length) {
      throw new StudioError(
        'storage',
        'A part of the weights is gone from the storage. Delete the model and fetch it again.',
      );
    }
    held = { at: chunk.at, bytes: new Uint8Array(buffer) };
    return held.bytes;
  };
  const last = chunks.at(-1);
  return {
    byteLength: last === undefined ? 0 : last.at + last.length,
    async read(begin, end) {
      const bytes = new Uint8Array(end - begin);
      for (const chunk of chunks) {
        const from = Math.max(begin, chunk.at);
        const to = Math.min(end, chunk.at + chunk.length);
        if (from >= to) continue;
        const held = await hold(chunk);
        bytes.set(held.subarray(from - chunk.at, to - chunk.at), from - begin);
      }
      return bytes;
    },
  };
}
