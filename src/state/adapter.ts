import { createStore, type StoreApi } from 'zustand/vanilla';
import { type StudioError, toStudioError } from '../base/errors.ts';
import type { AdapterReport, TrainApi } from '../rpc/protocol.ts';

export interface AdapterState {
  /** Null until the worker has answered. */
  readonly report: AdapterReport | null;
  readonly error: StudioError | null;
  /** Asks the worker for its graphics adapter, again after a failure. */
  ask(): Promise<void>;
}

/** What the page knows of the graphics adapter. */
export function createAdapterStore(train: Pick<TrainApi, 'adapter'>): StoreApi<AdapterState> {
  return createStore<AdapterState>()((set) => ({
    report: null,
    error: null,
    ask: async () => {
      set({ error: null });
      try {
        set({ report: await train.adapter() });
      } catch (thrown) {
        set({ error: toStudioError(thrown) });
      }
    },
  }));
}
