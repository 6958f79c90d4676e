import { createContext, useContext } from 'react';
import { type StoreApi, useStore } from 'zustand';
import { StudioError } from '../base/errors.ts';
import type { LibraryApi } from '../rpc/protocol.ts';
import type { AdapterState } from '../state/adapter.ts';
import type { CleaningState } from '../state/cleaning.ts';
import type { DropState } from '../state/drop.ts';
import type { EvaluationState } from '../state/evaluation.ts';
import type { HubState } from '../state/hub.ts';
import type { LabellingState } from '../state/labelling/state.ts';
import type { LibraryState } from '../state/library.ts';
import type { LossState } from '../state/losses.ts';
import type { ModelExportState } from '../state/model-export.ts';
import type { NetworkState } from '../state/network.ts';
import type { NewPicturesState } from '../state/new-pictures.ts';
import type { PredictionState } from '../state/prediction.ts';
import type { PreferencesState } from '../state/preferences.ts';
import type { ProjectState } from '../state/project.ts';
import type { RunState } from '../state/run.ts';
import type { RunsState } from '../state/runs.ts';
import type { SuggestionsState } from '../state/suggestions.ts';
import type { TrainFormState } from '../state/train-form.ts';
import type { UpdateState } from '../state/update.ts';
import type { Shelves } from './samples/shelves.ts';

/** The stores that the page shows, and the worker that it asks for pictures and files. */
export interface Studio {
  readonly library: StoreApi<LibraryState>;
  readonly cleaning: StoreApi<CleaningState>;
  readonly labelling: StoreApi<LabellingState>;
  readonly suggestions: StoreApi<SuggestionsState>;
  readonly losses: StoreApi<LossState>;
  readonly drop: StoreApi<DropState>;
  readonly newPictures: StoreApi<NewPicturesState>;
  readonly run: StoreApi<RunState>;
  readonly runs: StoreApi<RunsState>;
  readonly evaluation: StoreApi<EvaluationState>;
  readonly prediction: StoreApi<PredictionState>;
  readonly modelExport: StoreApi<ModelExportState>;
  readonly adapter: StoreApi<AdapterState>;
  readonly trainForm: StoreApi<TrainFormState>;
  readonly preferences: StoreApi<PreferencesState>;
  readonly network: StoreApi<NetworkState>;
  readonly hub: StoreApi<HubState>;
  readonly update: StoreApi<UpdateState>;
  readonly project: StoreApi<ProjectState>;
  readonly files: LibraryApi;
  readonly shelves: Shelves;
}

export const StudioContext = createContext<Studio | null>(null);

/** The stores, for reading them once in an event. Throws `internal` outside of `App`. */
export function useStudio(): Studio {
  const studio = useContext(StudioContext);
  if (studio === null) throw new StudioError('internal', 'This part of the page stands outside of the studio.');
  return studio;
}

/** A part of what is known of the data sets, kept up to date. */
export function useLibrary<Part>(part: (state: LibraryState) => Part): Part {
  return useStore(useStudio().library, part);
}

/** A part of what was found in the sets, kept up to date. */
export function useCleaning<Part>(part: (state: CleaningState) => Part): Part {
  return useStore(useStudio().cleaning, part);
}

/** A part of what weights propose for the labels, kept up to date. */
export function useSuggestions<Part>(part: (state: SuggestionsState) => Part): Part {
  return useStore(useStudio().suggestions, part);
}

/** A part of what was kept and is gone, kept up to date. */
export function useLosses<Part>(part: (state: LossState) => Part): Part {
  return useStore(useStudio().losses, part);
}

/** A part of what became of the last drop, kept up to date. */
export function useDrop<Part>(part: (state: DropState) => Part): Part {
  return useStore(useStudio().drop, part);
}

/** A part of the pictures on their way into a set, kept up to date. */
export function useNewPictures<Part>(part: (state: NewPicturesState) => Part): Part {
  return useStore(useStudio().newPictures, part);
}

/** A part of the run that goes on, kept up to date. */
export function useRun<Part>(part: (state: RunState) => Part): Part {
  return useStore(useStudio().run, part);
}

/** A part of the list of kept runs, kept up to date. */
export function useRuns<Part>(part: (state: RunsState) => Part): Part {
  return useStore(useStudio().runs, part);
}

/** A part of the evaluation, kept up to date. */
export function useEvaluation<Part>(part: (state: EvaluationState) => Part): Part {
  return useStore(useStudio().evaluation, part);
}

/** A part of the pictures and predictions, kept up to date. */
export function usePrediction<Part>(part: (state: PredictionState) => Part): Part {
  return useStore(useStudio().prediction, part);
}

/** A part of the export that is made, kept up to date. */
export function useModelExport<Part>(part: (state: ModelExportState) => Part): Part {
  return useStore(useStudio().modelExport, part);
}

/** A part of what is known of the graphics adapter, kept up to date. */
export function useAdapter<Part>(part: (state: AdapterState) => Part): Part {
  return useStore(useStudio().adapter, part);
}

/** A part of the remembered choices, kept up to date. */
export function usePreferences<Part>(part: (state: PreferencesState) => Part): Part {
  return useStore(useStudio().preferences, part);
}

/** A part of the form of the next run, kept up to date. */
export function useTrainForm<Part>(part: (state: TrainFormState) => Part): Part {
  return useStore(useStudio().trainForm, part);
}

/** A part of what was asked of other servers, kept up to date. */
export function useNetwork<Part>(part: (state: NetworkState) => Part): Part {
  return useStore(useStudio().network, part);
}

/** A part of the models of the hub that are kept, kept up to date. */
export function useHub<Part>(part: (state: HubState) => Part): Part {
  return useStore(useStudio().hub, part);
}

/** A part of the project that goes out or comes in, kept up to date. */
export function useProject<Part>(part: (state: ProjectState) => Part): Part {
  return useStore(useStudio().project, part);
}

/** A part of whether this page is the newest version, kept up to date. */
export function useUpdate<Part>(part: (state: UpdateState) => Part): Part {
  return useStore(useStudio().update, part);
}
