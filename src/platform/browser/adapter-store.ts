import { get, set } from 'idb-keyval';
import type { AdapterStore } from '../../tf/types.ts';
import type { Database } from './database.ts';

/** In the studio's database, a record an adapter. */
export function browserAdapterStore(database: Database): AdapterStore {
  const use = database.store('adapters');
  return {
    async read(name) {
      return (await get<Record<string, string>>(name, use).catch(() => null)) ?? null;
    },
    async write(name, table) {
      // Without room it is measured again.
      await set(name, table, use).catch(() => undefined);
    },
  };
}
