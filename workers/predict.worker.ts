import { decodeWith } from '../src/data/decode.ts';
import { decodePixels } from '../src/platform/browser/decode.ts';
import { createPredictService } from '../src/predict/service.ts';
import type { PredictApi } from '../src/rpc/protocol.ts';
import { serve } from '../src/rpc/serve.ts';
import { bundledCheckpoint } from './bundled.ts';

serve(
  createPredictService({
    gpu: async () => navigator.gpu,
    decode: decodeWith(decodePixels),
    bundledCheckpoint,
    now: () => performance.now(),
  }) satisfies PredictApi,
);
