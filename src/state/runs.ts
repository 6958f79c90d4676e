import { createStore, type StoreApi } from 'zustand/vanilla';
import { type StudioError, toStudioError } from '../base/errors.ts';
import type { RunHistory, RunSummary, RunsApi } from '../rpc/protocol.ts';

export interface RunsState {
  /** Newest first; null until the worker has answered. */
  readonly runs: readonly RunSummary[] | null;
  readonly error: StudioError | null;
  /** The runs that are compared, by id. */
  readonly selected: readonly string[];
  /** Histories that were asked for, by id. */
  readonly histories: Readonly<Record<string, RunHistory>>;
  refresh(): Promise<void>;
  select(ids: readonly string[]): void;
}

/** The runs that this browser keeps. */
export function createRunsStore(api: RunsApi): StoreApi<RunsState> {
  return createStore<RunsState>()((set) => ({
    runs: null,
    error: null,
    selected: [],
    histories: {},
    refresh: async () => {
      try {
        set({ runs: await api.runs(), error: null });
      } catch (thrown) {
        set({ error: toStudioError(thrown) });
      }
    },
    select: (selected) => set({ selected }),
  }));
}
