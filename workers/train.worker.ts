import { decodeWith } from '../src/data/decode.ts';
import { decodePixels } from '../src/platform/browser/decode.ts';
import { runLocks } from '../src/platform/browser/locks.ts';
import { coalesced } from '../src/rpc/coalesce.ts';
import type { TrainApi } from '../src/rpc/protocol.ts';
import { serve } from '../src/rpc/serve.ts';
import { createTrainService } from '../src/train/service.ts';
import { adapters, featuresOf, keptRuns, openDataSet } from './kept.ts';
import { classesOf, openWeights } from './open-weights.ts';
import { pictureWorkers } from './picture-workers.ts';

const service = createTrainService({
  gpu: async () => navigator.gpu,
  decode: decodeWith(decodePixels),
  pictureWorkers,
  dataSet: openDataSet,
  openWeights,
  database: keptRuns,
  features: featuresOf,
  adapters,
  ...runLocks,
  now: () => performance.now(),
  date: () => Date.now(),
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  versions: { browser: navigator.userAgent },
  mayLoseDevice: import.meta.env.DEV,
});

serve({
  ...service,
  classesOf,
  start: (request, onEvents) => coalesced(onEvents, (push) => service.start(request, push)),
  continueRun: (runId, onEvents) => coalesced(onEvents, (push) => service.continueRun(runId, push)),
} satisfies TrainApi);
