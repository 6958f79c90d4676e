import { decodeWith } from '../src/data/decode.ts';
import { readTarTree } from '../src/data/tar-tree.ts';
import { readVocDataSet } from '../src/data/voc-data-set.ts';
import { decodePixels } from '../src/platform/browser/decode.ts';
import { fetchFileTree } from '../src/platform/browser/file-tree.ts';
import type { TrainApi } from '../src/rpc/protocol.ts';
import { serve } from '../src/rpc/serve.ts';
import { createTrainService } from '../src/train/service.ts';
import { bundledAddress, bundledCheckpoint } from './bundled.ts';

const sample = bundledAddress('sample/emoji-scenes.tar');

serve(
  createTrainService({
    gpu: async () => navigator.gpu,
    decode: decodeWith(decodePixels),
    bundledCheckpoint,
    bundledDataSet: async () => readVocDataSet(await fetchFileTree(sample, 'emoji-scenes', readTarTree)),
    now: () => performance.now(),
  }) satisfies TrainApi,
);
