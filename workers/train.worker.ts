import { decodeWith } from '../src/data/decode.ts';
import { decodePixels } from '../src/platform/browser/decode.ts';
import { coalesce } from '../src/rpc/coalesce.ts';
import type { TrainApi } from '../src/rpc/protocol.ts';
import { serve } from '../src/rpc/serve.ts';
import { createTrainService } from '../src/train/service.ts';
import { bundledCheckpoint, bundledDataSet } from './bundled.ts';

const MESSAGES_EVERY_MS = 100;

const service = createTrainService({
  gpu: async () => navigator.gpu,
  decode: decodeWith(decodePixels),
  bundledCheckpoint,
  bundledDataSet,
  now: () => performance.now(),
});

serve({
  ...service,
  start: async (settings, onEvents) => {
    const events = coalesce(onEvents, MESSAGES_EVERY_MS);
    return service.start(settings, events.push).finally(events.flush);
  },
} satisfies TrainApi);
