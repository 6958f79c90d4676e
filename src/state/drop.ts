import { createStore, type StoreApi } from 'zustand/vanilla';
import { toStudioError } from '../base/errors.ts';
import type { LibraryState } from './library.ts';
import type { NewPicturesState } from './new-pictures.ts';
import type { PredictionState } from './prediction.ts';
import type { ProjectState } from './project.ts';
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
   * Takes whatever was dropped, pasted or chosen: data sets are imported, weights loaded, pictures predicted, or offered as a
   * set where that is in Data, as are folders of pictures and the frames of a video; the rest is told what it is. `onRoom` hears at once which room shows it, before the work is done; not at all where nothing was
   * taken.
   */
  take(items: Promise<readonly GivenItem[]>, onRoom: (room: DropRoom) => void, isInData?: boolean): Promise<void>;
  dismiss(): void;
}

export interface DropTakers {
  readonly library: StoreApi<Pick<LibraryState, 'importFiles'>>;
  readonly prediction: StoreApi<Pick<PredictionState, 'add' | 'load'>>;
  readonly newPictures: StoreApi<Pick<NewPicturesState, 'offer' | 'capture'>>;
  readonly project: StoreApi<Pick<ProjectState, 'give'>>;
  readonly listZip: ListZip;
}

/** Sends what was given to where it belongs. */
export function createDropStore(takers: DropTakers): StoreApi<DropState> {
  const { library, prediction, newPictures, project, listZip } = takers;
  return createStore<DropState>()((set) => ({
    looking: false,
    refusals: [],
    elsewhere: null,

    take: async (items, onRoom, isInData = false) => {
      set({ looking: true, refusals: [], elsewhere: null });
      let sorted: SortedDrop;
      try {
        const found = await sortDrop(await items, listZip);
        sorted = isInData ? asUnlabelled(found) : found;
      } catch (thrown) {
        const refusal = `What was given cannot be read (${toStudioError(thrown).message}). Drop it again, or choose it by a button.`;
        set({ looking: false, refusals: [refusal] });
        return;
      }
      const { dataSet, weights, pictures, unlabelled, videos } = sorted;
      const [video] = videos;
      const refusals = [...sorted.refusals, ...leftOut(sorted)];
      // It is asked about in a dialog, in whatever room.
      if (sorted.project !== null) project.getState().give(sorted.project);
      const predicts = weights !== null || pictures.length > 0;
      set({
        looking: false,
        refusals,
        elsewhere: (dataSet ?? unlabelled ?? video) != null && predicts ? inPredict(sorted) : null,
      });
      const isForData = dataSet !== null || unlabelled !== null || video !== undefined;
      if (isForData || predicts) onRoom(isForData ? '/data' : '/predict');
      if (unlabelled !== null) newPictures.getState().offer({ ...unlabelled, into: null });
      else if (video !== undefined) newPictures.getState().capture({ kind: 'video', file: video });
      await Promise.all([
        dataSet === null ? null : library.getState().importFiles(dataSet.name, dataSet.files),
        predicts ? predict(sorted, prediction.getState()) : null,
      ]);
    },
    dismiss: () => set({ refusals: [], elsewhere: null }),
  }));
}

/** In Data pictures are meant to be labelled. */
function asUnlabelled(sorted: SortedDrop): SortedDrop {
  const { pictures, unlabelled, dataSet } = sorted;
  // What comes beside a data set is meant for the model that it will be of.
  if (pictures.length === 0 || dataSet !== null) return sorted;
  const files = [...(unlabelled?.files ?? []), ...pictures.map((file) => ({ path: file.name, file }))];
  return { ...sorted, pictures: [], unlabelled: { name: unlabelled?.name ?? nameOfPictures(pictures), files } };
}

function nameOfPictures(pictures: readonly File[]): string {
  return pictures.length === 1 ? (pictures[0]?.name.replace(/\.[a-z0-9]+$/i, '') ?? 'pictures') : 'pictures';
}

/** One thing at a time is asked about. */
function leftOut({ unlabelled, videos }: SortedDrop): string[] {
  const late = unlabelled === null ? videos.slice(1) : videos;
  return late.map(({ name }) => `"${name}" is a video: drop it alone, and take its frames one video after the other.`);
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
