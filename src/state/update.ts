import { createStore, type StoreApi } from 'zustand/vanilla';

export interface UpdateState {
  /** A newer version of the studio has been fetched and waits. */
  readonly waiting: boolean;
  /** Another tab has taken up a newer version or changed the storage: this page must be loaded again before it keeps anything. */
  readonly outdated: boolean;
  found(): void;
  wentStale(): void;
  /** Takes the newer version up and reloads the page. */
  reload(): void;
}

/** Whether this page is the newest version; `takeOver` lets the waiting version in, if there is one, and reloads. */
export function createUpdateStore(takeOver: () => void): StoreApi<UpdateState> {
  return createStore<UpdateState>()((set) => ({
    waiting: false,
    outdated: false,
    found: () => set({ waiting: true }),
    wentStale: () => set({ outdated: true }),
    reload: takeOver,
  }));
}
