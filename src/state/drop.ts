import { createStore, type StoreApi } from 'zustand/vanilla';
import { toStudioError } from '../base/errors.ts';
import type { LibraryState } from './library.ts';
import type { PredictionState } from './prediction.ts';
import { type GivenItem, type ListZip, type SortedDrop, sortDrop } from './sort-drop.ts';

/** The rooms that take what is dropped. */
export type DropRoom = '/data' | '/predict';

export interface DropState {
  /** True while it is found out what was given: a large folder takes a moment. */
  readonly looking: boolean;
  /** A sentence for each thing of the last drop that was not taken. */
  readonly refusals: readonly string[];
  /** Where a part of the last drop went that is not shown in the room that was gone to. */
  readonly elsewhere: string | null;
  /**
   * Takes whatever was dropped, pasted or chosen: data sets are imported, weights loaded, pictures predicted, the rest is
   * told what it is. `onRoom` hears at once which room shows it, before the work is done; not at all where nothing was
   * taken.
   */
  take(items: Promise<readonly GivenItem[]>, onRoom: (room: DropRoom) => void): Promise<void>;
  dismiss(): void;
}

export interface DropTakers {
  readonly library: StoreApi<Pick<LibraryState, 'importFiles'>>;
  readonly prediction: StoreApi<Pick<PredictionState, 'add' | 'load'>>;
  readonly listZip: ListZip;
}

/** Sends what was given to where it belongs. */
export function createDropStore({ library, prediction, listZip }: DropTakers): StoreApi<DropState> {
  return createStore<DropState>()((set) => ({
    looking: false,
    refusals: [],
    elsewhere: null,

    take: async (items, onRoom) => {
      set({ looking: true, refusals: [], elsewhere: null });
      let sorted: SortedDrop;
      try {
        sorted = await sortDrop(await items, listZip);
      } catch (thrown) {
        const refusal = `What was given cannot be read (${toStudioError(thrown).message}). Drop it again, or choose it by a button.`;
        set({ looking: false, refusals: [refusal] });
        return;
      }
      const { dataSet, weights, pictures, refusals } = sorted;
      const predicts = weights !== null || pictures.length > 0;
      set({ looking: false, refusals, elsewhere: dataSet !== null && predicts ? inPredict(sorted) : null });
      if (dataSet !== null || predicts) onRoom(dataSet === null ? '/predict' : '/data');
      await Promise.all([
        dataSet === null ? null : library.getState().importFiles(dataSet.name, dataSet.files),
        predicts ? predict(sorted, prediction.getState()) : null,
      ]);
    },
    dismiss: () => set({ refusals: [], elsewhere: null }),
  }));
}

/** Weights first: the pictures that came with them are meant for them. */
async function predict(
  { weights, pictures }: SortedDrop,
  { add, load }: Pick<PredictionState, 'add' | 'load'>,
): Promise<void> {
  const loading = weights === null ? null : load({ kind: 'files', ...weights });
  if (pictures.length > 0) await add(pictures);
  await loading;
}

function inPredict({ weights, pictures }: SortedDrop): string {
  const count = pictures.length === 1 ? 'The picture' : `The ${pictures.length} pictures`;
  if (weights === null)
    return `${count} that came with the data set ${pictures.length === 1 ? 'is' : 'are'} in Predict.`;
  return pictures.length === 0
    ? 'The weights that came with the data set are in Predict.'
    : `${count} and the weights that came with the data set are in Predict.`;
}
