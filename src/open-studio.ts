import type { LibraryApi, PredictApi, TrainApi } from './rpc/protocol.ts';
import { createAdapterStore } from './state/adapter.ts';
import { attendRun } from './state/attend-run.ts';
import { createCleaningStore } from './state/cleaning.ts';
import { createDropStore } from './state/drop.ts';
import { createEvaluationStore } from './state/evaluation.ts';
import { createHubStore } from './state/hub.ts';
import { createLabellingStore } from './state/labelling.ts';
import { createLibraryStore } from './state/library.ts';
import { listZip } from './state/list-zip.ts';
import { createLossStore } from './state/losses.ts';
import { createModelExportStore } from './state/model-export.ts';
import { createNewPicturesStore } from './state/new-pictures.ts';
import { createPredictionStore } from './state/prediction.ts';
import { createPreferencesStore } from './state/preferences.ts';
import { createProjectStore } from './state/project.ts';
import { createRunStore, isActive } from './state/run.ts';
import { createRunsStore } from './state/runs.ts';
import { createSuggestionsStore } from './state/suggestions.ts';
import { createTrainFormStore } from './state/train-form.ts';
import { pickTarget } from './ui/export/pick-target.ts';
import { createShelves } from './ui/samples/shelves.ts';
import type { Studio } from './ui/studio.ts';

/** What a page has before its stores: its workers, and what it knows of the world beyond it. */
export interface StudioParts extends Pick<Studio, 'files' | 'network' | 'update'> {
  readonly files: LibraryApi;
  readonly train: TrainApi;
  readonly predict: PredictApi;
}

/** Makes the stores over these workers and asks for what is shown first. */
export function openStudio({ files, train, predict, network, update }: StudioParts): Studio {
  const library = createLibraryStore(files);
  // Before all else: the data worker starts meanwhile.
  const listed = library.getState().refresh();
  const runs = createRunsStore(files);
  const prediction = createPredictionStore(predict);
  const newPictures = createNewPicturesStore({
    data: files,
    freeBytes: () => library.getState().space?.freeBytes ?? null,
    onAdded: async (id) => {
      await library.getState().refresh();
      library.getState().choose(id);
    },
  });
  const runsChanged = (): void => void runs.getState().refresh();
  const preferences = createPreferencesStore();
  const project = createProjectStore(files, {
    pickTarget,
    settings: () => preferences.getState().projectSettings(),
    takeSettings: (settings) => preferences.getState().takeSettings(settings),
    onTaken: () => {
      runsChanged();
      void library.getState().refresh();
    },
  });
  const labelling = createLabellingStore(files, { onEdited: (id) => void library.getState().reopenIndex(id) });
  const run = createRunStore(train, files, () => {
    runsChanged();
    // A run may have kept features, which take space.
    void library.getState().refresh();
  });
  const studio: Studio = {
    files,
    shelves: createShelves(),
    library,
    cleaning: createCleaningStore(files, () => library.getState().refresh()),
    labelling,
    suggestions: createSuggestionsStore({
      api: {
        openProposer: predict.openProposer,
        closeProposer: predict.closeProposer,
        lookAt: predict.lookAt,
        proposalRecords: files.proposalRecords,
        keepProposalRecord: files.keepProposalRecord,
      },
      labelling,
      runs: () => runs.getState().runs,
      listRuns: () => runs.getState().refresh(),
      isTraining: () => isActive(run.getState().phase),
      clock: () => Date.now(),
    }),
    // Watches from the first list on, so that what is deleted in any room counts as deleted.
    losses: createLossStore(
      {
        count: () => library.getState().sets?.filter(({ bundled }) => !bundled).length ?? null,
        subscribe: (onChange) => library.subscribe(onChange),
      },
      { count: () => runs.getState().runs?.length ?? null, subscribe: (onChange) => runs.subscribe(onChange) },
    ),
    drop: createDropStore({ library, prediction, newPictures, project, listZip }),
    newPictures,
    runs,
    adapter: createAdapterStore(() => navigator.gpu, navigator.platform),
    run,
    evaluation: createEvaluationStore(predict),
    prediction,
    modelExport: createModelExportStore(predict, pickTarget),
    trainForm: createTrainFormStore(),
    preferences,
    network,
    hub: createHubStore(files),
    update,
    project,
  };
  // After the list: a browser that starts its graphics process takes what a page needs to draw it.
  void listed.then(() => studio.adapter.getState().ask());
  runsChanged();
  attendRun(studio.run, runsChanged);
  return studio;
}
