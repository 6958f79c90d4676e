import { expect, test } from 'vitest';
import { StudioError } from '../base/errors.ts';
import type { PredictApi } from '../rpc/protocol.ts';
import { createPredictionStore } from './prediction.ts';
import { EMPTY_LOG } from './run-events.ts';
import { statusOf } from './status.ts';

const NO_RUN = { name: '', phase: 'idle', log: EMPTY_LOG, error: null } as const;
const PICTURE = new File([new Uint8Array([0xff, 0xd8, 0xff, 0xe0])], 'cat.jpg');

function predicting(load: PredictApi['load']) {
  return createPredictionStore({
    adapter: () => Promise.reject(new Error('not asked for')),
    load,
    predict: async () => ({ size: { h: 1, w: 1 }, detections: [], elapsedMs: 1 }),
  });
}

test('pictures that wait for weights which did not load are not said to be predicted', async () => {
  let broken = true;
  const store = predicting(async () => {
    if (broken) throw new StudioError('network', 'The weights did not arrive. Try again.');
    return { name: 'tiny', classes: ['cat'] };
  });
  await store.getState().take([PICTURE]);
  expect(statusOf(NO_RUN, store.getState())).toMatchObject({
    what: 'The weights were not loaded: 1 picture waits',
    fraction: null,
    mood: 'bad',
  });
  broken = false;
  await store.getState().take([PICTURE]);
  expect(statusOf(NO_RUN, store.getState())).toMatchObject({ what: 'Nothing is running', mood: 'idle' });
  expect(store.getState().pictures.map(({ status }) => status)).toEqual(['done', 'done']);
});

test('while weights are on their way and while pictures are predicted it says so', async () => {
  const said: string[] = [];
  const store = predicting(async () => ({ name: 'tiny', classes: ['cat'] }));
  store.subscribe((state) => said.push(statusOf(NO_RUN, state).what));
  await store.getState().take([PICTURE]);
  expect(said.at(-1)).toBe('Nothing is running');
  expect([...new Set(said)]).toEqual(['Nothing is running', 'Predicting', 'Loading weights']);
});

test('weights of a run go by its name', async () => {
  const store = predicting(async (weights) => ({ name: weights === 'bundled' ? 'tiny' : weights.name, classes: [] }));
  const file = { name: 'emoji-scenes-best.safetensors', bytes: new Uint8Array() };
  await store.getState().load(file, 'run', 'emoji-scenes 2');
  expect(store.getState().weights).toMatchObject({ source: 'run', name: 'emoji-scenes 2' });
  await store.getState().load(file, 'file');
  expect(store.getState().weights).toMatchObject({ source: 'file', name: 'emoji-scenes-best.safetensors' });
});
