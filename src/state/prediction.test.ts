import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { StudioError } from '../base/errors.ts';
import type { PredictApi, Prediction, WeightsSource } from '../rpc/protocol.ts';
import { createPredictionStore } from './prediction.ts';

const SAMPLES = join(import.meta.dirname, '../../public/sample/pictures');
const picture = (name = 'cat.jpg') => new File([readFileSync(join(SAMPLES, '2026_000003.jpg'))], name);
const FILES: WeightsSource = { kind: 'files', name: 'mine', files: [] };
const BOTH = ['detrain', 'transformers.js'] as const;
const DEAD = new StudioError('internal', 'The prediction worker stopped working.', { worker: 'prediction' });

type Predict = Pick<PredictApi, 'adapter' | 'load' | 'predict'>;

/** A worker that finds one box named after the weights that it holds; `calls` is what it was asked. */
function worker(part: Partial<Predict> = {}) {
  const calls: string[] = [];
  let held: string | null = null;
  const api: Predict = {
    adapter: async () => ({ name: 'Test GPU', software: false }),
    load: async (source) => {
      calls.push(`load ${source.kind}`);
      held = source.kind;
      return { name: source.kind, classes: ['cat'], engines: BOTH };
    },
    predict: async () => {
      calls.push('predict');
      if (held === null) throw new StudioError('not-found', 'No weights are loaded.');
      return found(held);
    },
    ...part,
  };
  return {
    store: createPredictionStore(api),
    calls,
    dies: () => {
      held = null;
    },
  };
}

function found(label: string): Prediction {
  return {
    size: { h: 1, w: 1 },
    detections: [{ label, labelId: 0, score: 0.9, boxXyxyPx: [0, 0, 1, 1] }],
    elapsedMs: 5,
  };
}

const shown = (store: ReturnType<typeof worker>['store']) =>
  store.getState().pictures.map(({ name, status, prediction }) => [name, status, prediction?.detections[0]?.label]);

test('pictures come newest first, are measured before they are predicted, and load the bundled weights', async () => {
  const { store, calls } = worker();
  const sizes: unknown[] = [];
  store.subscribe(({ pictures }) => sizes.push(pictures.at(-1)?.size));
  await store.getState().add([picture('a.jpg'), picture('b.jpg')]);
  expect(calls).toEqual(['load bundled', 'predict', 'predict']);
  expect(shown(store)).toEqual([
    ['b.jpg', 'done', 'bundled'],
    ['a.jpg', 'done', 'bundled'],
  ]);
  expect(new Set(sizes.map((size) => JSON.stringify(size)))).toEqual(new Set(['{"h":160,"w":200}']));
  const { ranOn, pictures, selectedId } = store.getState();
  expect(ranOn?.name).toBe('Test GPU');
  expect(pictures.map(({ first }) => first)).toEqual([false, true]);
  expect(selectedId).toBe(pictures[0]?.id);
});

test('other weights predict every picture again, and files stay on offer', async () => {
  const { store } = worker();
  await store.getState().add([picture()]);
  await store.getState().load(FILES, 'my own');
  expect(shown(store)).toEqual([['cat.jpg', 'done', 'files']]);
  expect(store.getState().weights).toMatchObject({ name: 'my own' });
  await store.getState().load({ kind: 'bundled' });
  expect(store.getState().given).toMatchObject({ name: 'my own', source: FILES });
});

test('weights that are refused leave everything as it was', async () => {
  const { store } = worker({
    load: async (source) => {
      if (source.kind === 'files') throw new StudioError('bad-weights', 'No weights.');
      return { name: 'tiny', classes: [], engines: BOTH };
    },
    predict: async () => found('cat'),
  });
  await store.getState().add([picture()]);
  await store.getState().load(FILES);
  expect(store.getState()).toMatchObject({ weights: { name: 'tiny' }, loading: false, given: null });
  expect(store.getState().weightsError?.message).toBe('No weights.');
  expect(shown(store)).toEqual([['cat.jpg', 'done', 'cat']]);
});

test('of two loads the later one counts, whichever ends first', async () => {
  let finish = (): void => {};
  const { store } = worker({
    load: async (source) => {
      if (source.kind === 'bundled') await new Promise<void>((resolve) => (finish = resolve));
      return { name: source.kind, classes: [], engines: BOTH };
    },
  });
  const slow = store.getState().load({ kind: 'bundled' });
  await store.getState().load(FILES);
  finish();
  await slow;
  expect(store.getState()).toMatchObject({ weights: { name: 'files' }, loading: false });
});

test('a picture that is refused fails alone', async () => {
  let asked = 0;
  const { store } = worker({
    predict: async () => {
      asked += 1;
      if (asked === 1) throw new StudioError('bad-image', 'It is 20000 x 20000 pixels.');
      return found('cat');
    },
  });
  await store.getState().add([picture('a.jpg'), picture('b.jpg')]);
  expect(shown(store)).toEqual([
    ['b.jpg', 'done', 'cat'],
    ['a.jpg', 'failed', undefined],
  ]);
  expect(store.getState().pictures[1]?.error?.message).toContain('20000');
});

test('a dead worker stops the rest, which waits; one press loads the same weights again and goes on', async () => {
  let dead = false;
  const loaded: string[] = [];
  const { store } = worker({
    load: async (source) => {
      loaded.push(source.kind);
      return { name: source.kind, classes: [], engines: BOTH };
    },
    predict: async () => {
      if (dead) throw DEAD;
      return found('cat');
    },
  });
  await store.getState().load(FILES);
  await store.getState().add([picture('a.jpg')]);
  dead = true;
  await store.getState().add([picture('b.jpg'), picture('c.jpg')]);
  expect(store.getState().halted?.message).toBe(DEAD.message);
  expect(shown(store).map(([, status]) => status)).toEqual(['waiting', 'waiting', 'done']);
  dead = false;
  await store.getState().retry();
  expect(loaded).toEqual(['files', 'files']);
  expect(store.getState().halted).toBeNull();
  expect(shown(store).map(([, status]) => status)).toEqual(['done', 'done', 'done']);
});

test('a worker that was started afresh unnoticed is given the weights again, never others', async () => {
  const { store, calls, dies } = worker();
  await store.getState().load(FILES);
  dies();
  await store.getState().add([picture()]);
  expect(calls).toEqual(['load files', 'predict', 'load files', 'predict']);
  expect(shown(store)).toEqual([['cat.jpg', 'done', 'files']]);
});

test('removing a picture frees it, and the next one is selected', async () => {
  const freed: string[] = [];
  const revoke = URL.revokeObjectURL;
  URL.revokeObjectURL = (url) => freed.push(url);
  const { store } = worker();
  await store.getState().add([picture('a.jpg'), picture('b.jpg'), picture('c.jpg')]);
  const [c, b, a] = store.getState().pictures;
  store.getState().remove(c?.id ?? 0);
  expect(store.getState().selectedId).toBe(b?.id);
  store.getState().select(a?.id ?? 0);
  store.getState().remove(a?.id ?? 0);
  expect(store.getState().selectedId).toBe(b?.id);
  store.getState().clear();
  expect(store.getState()).toMatchObject({ pictures: [], selectedId: null });
  expect(freed).toEqual([c?.url, a?.url, b?.url]);
  URL.revokeObjectURL = revoke;
});

test('a picture that is too large to be drawn has no address, yet is predicted', async () => {
  const { store } = worker();
  // A PNG's signature and header alone: 20,000 x 20,000.
  const head = Buffer.from('89504e470d0a1a0a0000000d49484452000000004e2000004e200802000000', 'hex');
  head.writeUInt32BE(20_000, 16);
  head.writeUInt32BE(20_000, 20);
  await store.getState().add([new File([head], 'huge.png')]);
  expect(store.getState().pictures[0]).toMatchObject({ url: null, size: { h: 20_000, w: 20_000 } });
});

test('the other engine predicts every picture again, and says on what', async () => {
  const engines: unknown[] = [];
  const { store } = worker({
    adapter: async (engine) => ({ name: engine === 'transformers.js' ? 'WebAssembly' : 'Test GPU', software: true }),
    predict: async (_picture, _threshold, engine) => {
      engines.push(engine);
      return found(engine ?? 'detrain');
    },
  });
  await store.getState().add([picture()]);
  await store.getState().setEngine('transformers.js');
  expect(engines).toEqual(['detrain', 'transformers.js']);
  expect(shown(store)).toEqual([['cat.jpg', 'done', 'transformers.js']]);
  expect(store.getState().ranOn?.name).toBe('WebAssembly');
});

test('where there is no WebGPU transformers.js predicts, without being asked', async () => {
  const { store } = worker({
    predict: async (_picture, _threshold, engine) => {
      if (engine !== 'transformers.js') throw new StudioError('gpu-unavailable', 'No adapter.');
      return found('cat');
    },
  });
  await store.getState().add([picture()]);
  expect(shown(store)).toEqual([['cat.jpg', 'done', 'cat']]);
  expect(store.getState()).toMatchObject({ engine: 'transformers.js', halted: null });
});

test('an ONNX model is run by what runs it, and weights after it by our own pass again', async () => {
  const { store } = worker({
    load: async (source) => ({
      name: source.kind,
      classes: [],
      engines: source.kind === 'files' ? ['transformers.js'] : BOTH,
    }),
    predict: async (_picture, _threshold, engine) => found(engine ?? 'detrain'),
  });
  await store.getState().load(FILES, 'exported');
  await store.getState().add([picture()]);
  expect(shown(store)).toEqual([['cat.jpg', 'done', 'transformers.js']]);
  await store.getState().load({ kind: 'bundled' });
  expect(shown(store)).toEqual([['cat.jpg', 'done', 'detrain']]);
});
