import { expect, test } from 'vitest';
import { StudioError } from '../base/errors.ts';
import { sharedPromise } from '../base/shared-promise.ts';
import type { Checkpoint } from '../interop/checkpoint-files.ts';
import type { WeightsSource } from '../interop/types.ts';
import { tinyCheckpoint } from '../train/test-run.ts';
import { createPredictService } from './service.ts';

const FILES: WeightsSource = { kind: 'files', name: 'mine', files: [] };
const image = { size: { h: 1, w: 1 }, data: new Uint8Array(3) };

function service(openWeights: (source: WeightsSource) => Promise<{ checkpoint: Checkpoint; name: string }>) {
  return createPredictService({
    session: sharedPromise(() => Promise.reject(new StudioError('gpu-unavailable', 'No adapter.'))),
    decode: async () => image,
    openWeights,
    onnxRuntime: () => Promise.reject(new StudioError('network', 'Did not arrive.')),
    endThread: () => undefined,
    now: () => 0,
  });
}

test('loading says what the weights are called and which classes they know, and needs no device', async () => {
  const { load } = service(async () => ({ checkpoint: tinyCheckpoint(), name: 'mine' }));
  expect(await load(FILES)).toEqual({
    name: 'mine',
    classes: ['disc', 'square'],
    engines: ['detrain', 'transformers.js'],
  });
});

test('weights that cannot be opened are refused as they are', async () => {
  const { load } = service(() => Promise.reject(new StudioError('bad-weights', 'Cut off.')));
  await expect(load(FILES)).rejects.toMatchObject({ code: 'bad-weights' });
});

test('without a device nothing is predicted, and the reason is told', async () => {
  const { load, predict } = service(async () => ({ checkpoint: tinyCheckpoint(), name: 'mine' }));
  await load(FILES);
  await expect(predict(new Uint8Array(1), 0.5)).rejects.toMatchObject({ code: 'gpu-unavailable' });
});
