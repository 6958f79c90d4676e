import { createJSONStorage, persist } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { HUB_URL } from '../base/hub-models.ts';

export interface PreferencesState {
  /** Weight of the past in the smoothed loss, 0..0.99. */
  readonly smoothing: number;
  /** Boxes below this score are not shown, 0.05..1. */
  readonly threshold: number;
  /** Address of the hub that models are fetched from. */
  readonly hub: string;
  /** Places in the palette that were chosen for classes, by name; the others have that of their label id. */
  readonly classColours: Readonly<Record<string, number>>;
  setSmoothing(smoothing: number): void;
  setThreshold(threshold: number): void;
  setHub(hub: string): void;
  /** Null for the colour of its label id. */
  setClassColour(name: string, place: number | null): void;
}

/** Choices about showing that outlive the page, kept in the browser's local storage. */
export function createPreferencesStore(): StoreApi<PreferencesState> {
  return createStore<PreferencesState>()(
    persist(
      (set, get) => ({
        smoothing: 0.8,
        threshold: 0.7,
        hub: HUB_URL,
        classColours: {},
        setSmoothing: (smoothing) => set({ smoothing }),
        setThreshold: (threshold) => set({ threshold }),
        setHub: (hub) => set({ hub }),
        setClassColour: (name, place) => {
          const others = Object.entries(get().classColours).filter(([other]) => other !== name);
          set({ classColours: Object.fromEntries(place === null ? others : [...others, [name, place]]) });
        },
      }),
      {
        name: 'detrain-preferences',
        storage: createJSONStorage(() => localStorage),
        partialize: ({ smoothing, threshold, hub, classColours }) => ({ smoothing, threshold, hub, classColours }),
      },
    ),
  );
}
