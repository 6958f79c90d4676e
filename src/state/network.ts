import { createStore, type StoreApi } from 'zustand/vanilla';

export interface NetworkState {
  /** Addresses beyond the studio's own origin that were asked since the page was opened, newest last. */
  readonly outside: readonly string[];
}

/** What the page and its workers asked of other servers. */
export function createNetworkStore(): StoreApi<NetworkState> {
  return createStore<NetworkState>()(() => ({ outside: [] }));
}
