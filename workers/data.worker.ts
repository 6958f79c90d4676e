import { editingLock, HUB_LOCK, IMPORT_LOCK, RUN_LOCK, TIDY_LOCK } from '../src/base/lock-names.ts';
import { randomId } from '../src/base/random-id.ts';
import { createCleaning } from '../src/data/cleaning/service.ts';
import { decodeWith } from '../src/data/decode.ts';
import { createDataService } from '../src/data/service.ts';
import { createSetVersions } from '../src/data/versions/set-versions.ts';
import { createHubService } from '../src/interop/hub-service.ts';
import { decodePixels } from '../src/platform/browser/decode.ts';
import { encodePicture } from '../src/platform/browser/encode-picture.ts';
import { exclusively, holdLock, inTurn, isHeld } from '../src/platform/browser/locks.ts';
import { consentedFetch, outsideFetch } from '../src/platform/browser/outside-fetch.ts';
import { scratchFile, sweepScratchFile } from '../src/platform/browser/scratch-file.ts';
import { freeStorageBytes } from '../src/platform/browser/storage-failure.ts';
import { encodeThumbnail } from '../src/platform/browser/thumbnail.ts';
import { createProjectService } from '../src/project/service.ts';
import { askPage, isOutside } from '../src/rpc/outside.ts';
import type { LibraryApi } from '../src/rpc/protocol.ts';
import { serve } from '../src/rpc/serve.ts';
import { createRunsService } from '../src/train/runs-service.ts';
import { dataSetStore, featureSpace, hubStore, keptRuns, library } from './kept.ts';
import { offeredSets } from './offered-sets.ts';

const outside = { ask: askPage, fetch: (...request: Parameters<typeof fetch>) => fetch(...request) };
const runs = createRunsService({
  database: keptRuns,
  isTraining: () => isHeld(RUN_LOCK),
  isImporting: () => isHeld(IMPORT_LOCK),
  whileNoneBegins: (work) => inTurn(TIDY_LOCK, work),
});
const runOn = async (id: string) =>
  (await runs.runs()).find((run) => run.status === 'going' && run.dataSet.id === id)?.name ?? null;
const consent = consentedFetch(outside);
const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const versions = createSetVersions({
  store: dataSetStore,
  library,
  clock: () => Date.now(),
  holdEditing: (id) => holdLock(editingLock(id)),
  runOn,
});
const dataSets = createDataService({
  store: dataSetStore,
  library,
  growSet: versions.growSet,
  fetchArchive: outsideFetch(outside),
  // What this site itself offers goes nowhere else, and is not asked about.
  fetchBelow: async ({ below, url, what }, signal) =>
    isOutside(url, location.origin) ? consent({ hub: below, url, what, withToken: false }, signal) : outside.fetch,
  wait,
  offeredSets,
  importing: (work) => exclusively(IMPORT_LOCK, work),
  isImporting: () => isHeld(IMPORT_LOCK),
  runOn,
  features: featureSpace,
  isTraining: () => isHeld(RUN_LOCK),
  thumbnail: encodeThumbnail,
  decode: decodeWith(decodePixels),
  encode: encodePicture,
  newId: randomId,
  now: () => performance.now(),
  clock: () => Date.now(),
});
const cleaning = createCleaning({
  store: dataSetStore,
  library,
  decode: decodeWith(decodePixels),
  now: () => performance.now(),
  changeSet: versions.changeSet,
});
const models = createHubService({
  store: hubStore,
  consent,
  exclusively: (work) => exclusively(HUB_LOCK, work),
  now: () => performance.now(),
  date: () => Date.now(),
  wait,
});
const { growSet: _, ...edits } = versions;
const project = createProjectService({
  store: dataSetStore,
  database: keptRuns,
  importing: (work) => exclusively(IMPORT_LOCK, work),
  isTraining: () => isHeld(RUN_LOCK),
  scratchFile,
  freeBytes: freeStorageBytes,
  newId: randomId,
  now: () => performance.now(),
  clock: () => Date.now(),
});
const proposals = {
  proposalRecords: dataSetStore.proposalRecords,
  keepProposalRecord: dataSetStore.writeProposalRecord,
};
serve({ ...dataSets, ...edits, ...proposals, ...cleaning, ...runs, ...models, ...project } satisfies LibraryApi);
void sweepScratchFile();
