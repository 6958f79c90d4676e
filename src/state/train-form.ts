import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SettingsForm } from './settings.ts';

export interface TrainFormState {
  /** What was typed over the proposal; kept while one looks at other rooms. */
  readonly changed: Readonly<Partial<SettingsForm>>;
  readonly showsAll: boolean;
  change(part: Readonly<Partial<SettingsForm>>): void;
  showAll(shown: boolean): void;
}

/** The form of the next run, as far as it differs from the proposal. */
export function createTrainFormStore(): StoreApi<TrainFormState> {
  return createStore<TrainFormState>()((set, get) => ({
    changed: {},
    showsAll: false,
    change: (part) => set({ changed: { ...get().changed, ...part } }),
    showAll: (showsAll) => set({ showsAll }),
  }));
}
