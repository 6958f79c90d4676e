import { IMPORT_LOCK, RUN_LOCK, TIDY_LOCK } from '../src/base/lock-names.ts';
import { randomId } from '../src/base/random-id.ts';
import { decodeWith } from '../src/data/decode.ts';
import { createDataService } from '../src/data/service.ts';
import { decodePixels } from '../src/platform/browser/decode.ts';
import { encodePicture } from '../src/platform/browser/encode-picture.ts';
import { exclusively, inTurn, isHeld } from '../src/platform/browser/locks.ts';
import { outsideFetch } from '../src/platform/browser/outside-fetch.ts';
import { encodeThumbnail } from '../src/platform/browser/thumbnail.ts';
import { askPage } from '../src/rpc/outside.ts';
import type { LibraryApi } from '../src/rpc/protocol.ts';
import { serve } from '../src/rpc/serve.ts';
import { createRunsService } from '../src/train/runs-service.ts';
import { dataSetStore, featureSpace, keptRuns, library } from './kept.ts';

const runs = createRunsService({
  database: keptRuns,
  isTraining: () => isHeld(RUN_LOCK),
  whileNoneBegins: (work) => inTurn(TIDY_LOCK, work),
});
const dataSets = createDataService({
  store: dataSetStore,
  library,
  fetchArchive: outsideFetch({ ask: askPage, fetch: (...request) => fetch(...request) }),
  importing: (work) => exclusively(IMPORT_LOCK, work),
  isImporting: () => isHeld(IMPORT_LOCK),
  runOn: async (id) => (await runs.runs()).find((run) => run.status === 'going' && run.dataSet.id === id)?.name ?? null,
  features: featureSpace,
  isTraining: () => isHeld(RUN_LOCK),
  thumbnail: encodeThumbnail,
  decode: decodeWith(decodePixels),
  encode: encodePicture,
  newId: randomId,
  now: () => performance.now(),
  clock: () => Date.now(),
});
serve({ ...dataSets, ...runs } satisfies LibraryApi);
