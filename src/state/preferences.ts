import { createJSONStorage, persist } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { HUB_URL } from '../base/hub-models.ts';
import type { ProjectSettings } from '../rpc/protocol.ts';

const SMOOTHING = 0.8;
const THRESHOLD = 0.7;

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
  /** What of these goes along with a project. */
  projectSettings(): ProjectSettings;
  /** Takes a project's settings over where nothing else was chosen here. Returns whether anything changed. */
  takeSettings(settings: ProjectSettings): boolean;
  /** Null for the colour of its label id. */
  setClassColour(name: string, place: number | null): void;
}

/** Choices about showing that outlive the page, kept in the browser's local storage. */
export function createPreferencesStore(): StoreApi<PreferencesState> {
  return createStore<PreferencesState>()(
    persist(
      (set, get) => ({
        smoothing: SMOOTHING,
        threshold: THRESHOLD,
        hub: HUB_URL,
        classColours: {},
        setSmoothing: (smoothing) => set({ smoothing }),
        setThreshold: (threshold) => set({ threshold }),
        setHub: (hub) => set({ hub }),
        projectSettings: () => {
          const { classColours, smoothing, threshold } = get();
          return { classColours, smoothing, threshold };
        },
        takeSettings: (theirs) => {
          const mine = get().projectSettings();
          const next: ProjectSettings = {
            classColours: { ...theirs.classColours, ...mine.classColours },
            smoothing: mine.smoothing === SMOOTHING ? theirs.smoothing : mine.smoothing,
            threshold: mine.threshold === THRESHOLD ? theirs.threshold : mine.threshold,
          };
          set(next);
          const colours = ({ classColours }: ProjectSettings) => Object.keys(classColours).length;
          return (
            colours(next) > colours(mine) || next.smoothing !== mine.smoothing || next.threshold !== mine.threshold
          );
        },
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
