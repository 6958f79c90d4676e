import { createJSONStorage, persist } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';

export interface PreferencesState {
  /** Weight of the past in the smoothed loss, 0..0.99. */
  readonly smoothing: number;
  /** Boxes below this score are not shown, 0.05..1. */
  readonly threshold: number;
  setSmoothing(smoothing: number): void;
  setThreshold(threshold: number): void;
}

/** Choices about showing that outlive the page, kept in the browser's local storage. */
export function createPreferencesStore(): StoreApi<PreferencesState> {
  return createStore<PreferencesState>()(
    persist(
      (set) => ({
        smoothing: 0.8,
        threshold: 0.7,
        setSmoothing: (smoothing) => set({ smoothing }),
        setThreshold: (threshold) => set({ threshold }),
      }),
      {
        name: 'detrain-preferences',
        storage: createJSONStorage(() => localStorage),
        partialize: ({ smoothing, threshold }) => ({ smoothing, threshold }),
      },
    ),
  );
}
