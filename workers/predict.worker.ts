import { BUNDLED_SET_ID } from '../src/base/bundled.ts';
import { sharedPromise } from '../src/base/shared-promise.ts';
import { decodeWith } from '../src/data/decode.ts';
import { decodePixels } from '../src/platform/browser/decode.ts';
import { createProposeService } from '../src/predict/propose-service.ts';
import { createPredictService } from '../src/predict/service.ts';
import type { PredictApi } from '../src/rpc/protocol.ts';
import { serve } from '../src/rpc/serve.ts';
import { createGpuSession } from '../src/tf/index.ts';
import { createEvaluateService } from '../src/train/evaluate-service.ts';
import { createExportService } from '../src/train/export-service.ts';
import { drawFound } from './draw-found.ts';
import { dataSetStore, keptRuns, openDataSet } from './kept.ts';
import { onnxRuntime } from './onnx-runtime.ts';
import { openWeights } from './open-weights.ts';

const session = sharedPromise(() => createGpuSession(navigator.gpu, { onLost: () => session.forget() }));
const ports = { session, decode: decodeWith(decodePixels), openWeights, onnxRuntime, now: () => performance.now() };

serve({
  ...createPredictService({ ...ports, endThread: () => globalThis.close() }),
  ...createProposeService({ ...ports, storedPicture: dataSetStore.picture }),
  ...createEvaluateService({ ...ports, dataSet: openDataSet }),
  ...createExportService({
    ...ports,
    database: keptRuns,
    dataSet: openDataSet,
    fallbackSetId: BUNDLED_SET_ID,
    draw: drawFound,
  }),
} satisfies PredictApi);
