import type { ArrivingSummary, DataApi, DataSetIndex, DataSetSummary, ImportProgress } from '../rpc/protocol.ts';

/** What a page knows of a set while it is imported. */
export interface ArrivingState {
  /** What is stored by now. */
  readonly arriving: ArrivingSummary | null;
  readonly importing: ImportProgress | null;
  readonly sets: readonly DataSetSummary[] | null;
  readonly chosenId: string | null;
  readonly indexes: Readonly<Record<string, DataSetIndex>>;
}

/** So much more of it has to be there before it is looked at again, and so long it is waited for. */
const MORE_OF_IT = 0.1;
const LOOK_EVERY_MS = 2000;

/** Keeps the list and the index of a set up to date while it arrives. */
export function watchArriving(
  data: Pick<DataApi, 'arrivingSet'>,
  get: () => ArrivingState,
  set: (part: Partial<ArrivingState>) => void,
) {
  let isLooking = false;

  const lookOnce = async (seen: number): Promise<void> => {
    try {
      const found = await data.arrivingSet();
      if (found !== null && get().importing !== null && found.summary.images > seen) {
        const { summary, index } = found;
        set({ arriving: summary, indexes: { ...get().indexes, [summary.id]: index } });
      }
    } catch {
      // It is looked at again soon, and the import itself tells what is wrong.
    }
  };

  return {
    /** Looks at what has come for as long as there is enough more of it to be worth it, also where nothing comes any more. */
    async look(): Promise<void> {
      if (isLooking) return;
      isLooking = true;
      for (;;) {
        const seen = get().arriving?.images ?? 0;
        const { picturesDone } = get().importing ?? { picturesDone: 0 };
        if (picturesDone < seen + Math.max(1, seen * MORE_OF_IT)) break;
        await lookOnce(seen);
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
      isLooking = false;
    },

    /** The import has ended, and the list been read: it is a set like any other now, or none. Returns its id where it is one. */
    end(): string | null {
      const { arriving, indexes, chosenId, sets } = get();
      if (arriving === null) return null;
      const { id } = arriving;
      const isThere = sets?.some((other) => other.id === id) === true;
      // What is remembered of it is a part of it.
      const rest = Object.fromEntries(Object.entries(indexes).filter(([other]) => other !== id));
      set({ arriving: null, indexes: rest, chosenId: chosenId === id && !isThere ? null : chosenId });
      return isThere ? id : null;
    },
  };
}
