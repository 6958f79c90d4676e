import type { UseStore } from 'idb-keyval';
import { StudioError } from '../../base/errors.ts';

/**
 * What the studio keeps in this browser, a store for each kind of thing:
 * `data-sets` an index by set, `imports` a journal by import, `pictures` bytes by [set, path], `runs` a record by run,
 * `metrics` a record by [run, step, kind], `checkpoints` chunks and manifests by [run, ...],
 * `features` by ['view', set, view] with a record by ['kept', set],
 * `adapters` what was measured on each, by name, `hub` a record by ['record', model] and chunks by ['chunk', model, file, ...].
 */
const STORES = [
  'data-sets',
  'imports',
  'pictures',
  'runs',
  'metrics',
  'checkpoints',
  'features',
  'adapters',
  'hub',
] as const;
export type StoreName = (typeof STORES)[number];

const DATABASE = 'detrain';
/** 2: `features`, 3: `adapters`, 4: `hub`. */
const VERSION = 4;

export interface Database {
  /** For idb-keyval: transactions that are over once the operating system has the data, or, `strict`, the disk. */
  store(name: StoreName, durability?: 'relaxed' | 'strict'): UseStore;
  close(): void;
}

/**
 * The studio's one database, opened at first use and again after it was closed. A newer version of the studio in another
 * tab is let through at once: this connection closes and `onOutdated` hears of it. Throws `storage`.
 */
export function studioDatabase(onOutdated: () => void = () => {}): Database {
  let opened: Promise<IDBDatabase> | null = null;

  const open = (): Promise<IDBDatabase> => {
    opened ??= openDatabase(() => {
      opened = null;
    }, onOutdated).catch((error: unknown) => {
      opened = null;
      throw error;
    });
    return opened;
  };

  return {
    store:
      (name, durability = 'relaxed') =>
      async (mode, use) => {
        const database = await open();
        return use(database.transaction(name, mode, { durability }).objectStore(name));
      },
    close() {
      void opened?.then((database) => database.close());
      opened = null;
    },
  };
}

function openDatabase(onClosed: () => void, onOutdated: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, VERSION);
    request.onupgradeneeded = () => {
      for (const name of STORES) {
        if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name);
      }
    };
    request.onblocked = () => {
      // Every tab closes at once when it is asked to; until then this waits.
    };
    request.onerror = () => reject(storageError(request.error));
    request.onsuccess = () => {
      const database = request.result;
      database.onclose = onClosed;
      database.onversionchange = ({ newVersion }) => {
        database.close();
        onClosed();
        // Without a version it is being deleted, which makes this page no older.
        if (newVersion !== null) onOutdated();
      };
      resolve(database);
    };
  });
}

function storageError(cause: DOMException | null): StudioError {
  if (cause?.name === 'VersionError') {
    const message = 'Another tab has a newer version of the studio open, which changed the storage: reload this page.';
    return new StudioError('storage', message, { reason: 'outdated' }, { cause });
  }
  const reason = cause === null ? 'it gave no reason' : cause.message;
  return new StudioError(
    'storage',
    `The browser's storage for this site cannot be opened (${reason}), so data sets and runs can be neither read nor kept. ` +
      'A full disk or a blocked site does that, and so does damage on the disk: where it stays so after the browser was ' +
      "started again, delete this site's data in the browser's settings; what was kept here is lost then.",
    {},
    { cause },
  );
}
