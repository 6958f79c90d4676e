import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseHubName } from '../base/hub-models.ts';
import { folderHubStore } from '../platform/node/hub-store.ts';
import { tinyCheckpoint } from '../train/test-run.ts';
import { writeModelWeights } from './checkpoint.ts';
import { writeCheckpoint } from './checkpoint-files.ts';
import { fetchHubModel } from './hub-fetch.ts';
import { hubModelClasses, hubModels, openHubModel, removeHubModel } from './hub-kept.ts';
import { NAME_FORMS } from './key-map.ts';
import { readSafetensors, type SafetensorsInput, tensorToFloat32, writeSafetensors } from './safetensors.ts';
import { startTestHub, type TestHub } from './test-hub.ts';
import type { HubProgress, HubStore } from './types.ts';

const MODEL = 'someone/tiny-detr';
const { config, preprocessor, weights } = tinyCheckpoint();
/** As others write it: no config inside the weights. */
const files = writeCheckpoint({ config, preprocessor, weights });
files.set('model.safetensors', writeModelWeights(config, weights, new Map()));
const whole = files.get('model.safetensors') ?? new Uint8Array();

let folder: string;
let hub: TestHub;
let store: HubStore;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'detrain-hub-'));
  hub = await startTestHub({ [`${MODEL}@main`]: files });
  store = folderHubStore(folder);
});
afterEach(async () => {
  await hub.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Asked {
  readonly name?: string;
  readonly token?: string;
  readonly address?: string;
  readonly store?: HubStore;
  readonly signal?: AbortSignal;
  readonly stallMs?: number;
  readonly onProgress?: (progress: HubProgress) => void;
}

function get({ name = MODEL, token, address = hub.address, stallMs, ...asked }: Asked = {}) {
  const parsed = parseHubName(name);
  if (parsed === null) throw new Error(`${name} is no name`);
  const options = { ...(asked.signal && { signal: asked.signal }), ...(asked.onProgress && asked) };
  const ports = { store: asked.store ?? store, now: () => performance.now(), date: () => 1, wait: async () => {} };
  const asHub = { address, token: token ?? null, fetch, ...(stallMs !== undefined && { stallMs }) };
  return fetchHubModel(parsed, asHub, ports, options);
}

/** What the weights were asked for by: of each request its range. */
const ranges = (): (string | null)[] =>
  hub.asked.filter(({ host, range }) => host === 'cdn' && range !== 'bytes=0-0').map(({ range }) => range);

const opened = async (name = MODEL) => (await openHubModel(store, name)).weights;

test('a model is fetched with its configs, kept, listed, and opened without the hub', async () => {
  const seen: HubProgress[] = [];
  await get({ onProgress: (progress) => seen.push(progress) });
  await hub.close();
  const [kept] = await hubModels(store);
  const bytes = [...files.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
  expect(kept).toMatchObject({ name: MODEL, hub: hub.address, complete: true, bytes });
  expect(seen[0]).toMatchObject({ phase: 'asking' });
  expect(seen.at(-1)).toMatchObject({ bytesDone: whole.byteLength, bytesTotal: whole.byteLength });
  const read = await openHubModel(store, MODEL);
  expect(await hubModelClasses(store, MODEL)).toEqual(read.config.labels);
  expect(read.weights).toEqual(weights);
  expect(read.preprocessor.config).toEqual(preprocessor.config);
  // Asked for again it is there already.
  await expect(get()).resolves.toMatchObject({ complete: true });
  expect(await removeHubModel(store, MODEL)).toEqual({ freedBytes: bytes });
  expect(await hubModels(store)).toEqual([]);
  await expect(openHubModel(store, MODEL)).rejects.toMatchObject({ code: 'not-found' });
});

test.each([
  ['the API', true, true],
  ['headers alone', false, true],
  ['headers of a server that sends everything itself', false, false],
])('sizes and hashes come from %s', async (_, hasApi, redirects) => {
  Object.assign(hub, { hasApi, redirects });
  const record = await get();
  expect(record.files.find(({ name }) => name === 'model.safetensors')?.byteLength).toBe(whole.byteLength);
  hub.replaced.set('model.safetensors', new Uint8Array(whole.byteLength));
  await removeHubModel(store, MODEL);
  await expect(get()).rejects.toMatchObject({ message: expect.stringMatching(/sha256.*thrown away: fetch it again/) });
});

test('revisions and short names are models of their own', async () => {
  hub.models.set(`${MODEL}@no_timm`, new Map(files));
  hub.models.set('facebook/detr-resnet-50@refs/pr/1', new Map(files));
  await get({ name: `${MODEL}@no_timm` });
  await get({ name: 'resnet-50@refs/pr/1' });
  expect((await hubModels(store)).map(({ name }) => name).sort()).toEqual([
    'facebook/detr-resnet-50@refs/pr/1',
    `${MODEL}@no_timm`,
  ]);
});

test.each(NAME_FORMS)('names in the %s form are read', async (form) => {
  hub.models.get(`${MODEL}@main`)?.set('model.safetensors', writeModelWeights(config, { ...weights, form }, new Map()));
  await get();
  expect(await opened()).toEqual({ ...weights, form });
});

describe('going on', () => {
  const half = Math.floor(whole.byteLength / 2);

  test('a body that is cut off is gone on from where it ended', async () => {
    hub.cutAfter.push(half, 1000);
    await get();
    expect(ranges()).toEqual([null, expect.stringMatching(/^bytes=\d+-$/), expect.stringMatching(/^bytes=\d+-$/)]);
    expect(await opened()).toEqual(weights);
  });

  test('after it was stopped, or the hub was gone for good, the rest alone is asked for', async () => {
    hub.pieceMs = 20;
    const stop = new AbortController();
    const onProgress = ({ bytesDone }: HubProgress): void => {
      if (bytesDone > 0) stop.abort();
    };
    await expect(get({ signal: stop.signal, onProgress })).rejects.toMatchObject({ code: 'cancelled' });
    hub.pieceMs = 0;
    const [kept] = await hubModels(store);
    expect(kept).toMatchObject({ complete: false, totalBytes: expect.any(Number) });
    expect(kept?.bytes).toBeGreaterThan(0);
    await expect(openHubModel(store, MODEL)).rejects.toMatchObject({
      message: expect.stringContaining('kept in part'),
    });

    hub.cutAfter.push(5000, 0, 0, 0, 0, 0);
    await expect(get()).rejects.toMatchObject({
      code: 'network',
      message: expect.stringContaining('what came is kept'),
    });
    const at = await store.keptBytes(MODEL, 'model.safetensors');
    hub.cutAfter.splice(0);
    await get();
    expect(ranges().at(-1)).toBe(`bytes=${at}-`);
    expect(await opened()).toEqual(weights);
  });

  test.each<[string, (hub: TestHub) => void]>([
    ['a server that ignores ranges', (at) => Object.assign(at, { ignoresRange: true })],
    ['another etag', (at) => Object.assign(at, { etag: '"another"' })],
  ])('%s: it is begun anew, once', async (_, change) => {
    hub.cutAfter.push(half);
    // The rest comes otherwise.
    const changing = async (...request: Parameters<typeof fetch>) => {
      const answer = await fetch(...request);
      if (hub.cutAfter.length === 0 && hub.asked.at(-1)?.host === 'cdn') change(hub);
      return answer;
    };
    const parsed = parseHubName(MODEL);
    if (parsed === null) throw new Error('no name');
    const ports = { store, now: () => 0, date: () => 1, wait: async () => {} };
    await fetchHubModel(parsed, { address: hub.address, token: null, fetch: changing }, ports);
    expect(await opened()).toEqual(weights);
    expect(ranges()[0]).toBe(null);
    expect(ranges().at(-1)).toBe(null);
    expect(ranges().length).toBe(3);
  });

  test('what the hub has replaced since is begun anew, and so is what is longer than it should be (416)', async () => {
    hub.cutAfter.push(half, 0, 0, 0, 0, 0);
    await expect(get()).rejects.toMatchObject({ code: 'network' });
    hub.cutAfter.splice(0);
    const changed = writeModelWeights(config, { ...weights, form: 'timm' }, new Map());
    hub.models.get(`${MODEL}@main`)?.set('model.safetensors', changed);
    await get();
    expect(ranges().at(-1)).toBe(null);
    expect((await opened()).form).toBe('timm');

    await removeHubModel(store, MODEL);
    hub.hasApi = false;
    hub.cutAfter.push(half, 0, 0, 0, 0, 0);
    await expect(get()).rejects.toMatchObject({ code: 'network' });
    hub.cutAfter.splice(0);
    await store.append(
      MODEL,
      'model.safetensors',
      await store.keptBytes(MODEL, 'model.safetensors'),
      new Uint8Array(whole),
    );
    await get();
    expect(await opened()).toEqual({ ...weights, form: 'timm' });
  });

  test('bytes on the disk that were changed meanwhile are found by the hash', async () => {
    hub.cutAfter.push(half, 0, 0, 0, 0, 0);
    await expect(get()).rejects.toMatchObject({ code: 'network' });
    hub.cutAfter.splice(0);
    const path = join(folder, 'someone--tiny-detr', 'model.safetensors');
    writeFileSync(path, flipped(readFileSync(path)));
    await expect(get()).rejects.toMatchObject({ code: 'network', message: expect.stringContaining('sha256') });
    expect(await store.keptBytes(MODEL, 'model.safetensors')).toBe(0);
    await get();
    writeFileSync(path, flipped(readFileSync(path)));
    await expect(openHubModel(store, MODEL)).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringMatching(/is damaged: its sha256.*Delete the model/),
    });
  });
});

describe('refused in a sentence', () => {
  const says = (message: RegExp, code?: string) => ({
    ...(code !== undefined && { code }),
    message: expect.stringMatching(message),
  });

  test('a name that is not there, a revision that is not, and what only a token opens', async () => {
    await expect(get({ name: 'someone/typo' })).rejects.toMatchObject(
      says(/401 .*no model of that name.*private.*HF_TOKEN/),
    );
    await expect(get({ name: `${MODEL}@nope` })).rejects.toMatchObject(says(/no revision "nope"/, 'not-found'));
    hub.hasApi = false;
    await expect(get({ name: 'someone/typo' })).rejects.toMatchObject(says(/401/));
    hub.hasApi = true;
    hub.privateTo.set(MODEL, 'hf_secret');
    await expect(get()).rejects.toMatchObject(says(/give a token of yours/, 'network'));
    await expect(get({ token: 'hf_wrong' })).rejects.toMatchObject(says(/the token is not valid/));
    await get({ token: 'hf_secret' });
    expect(hub.asked.filter(({ host }) => host === 'cdn').length).toBeGreaterThan(0);
    for (const { host, authorization } of hub.asked) if (host === 'cdn') expect(authorization).toBe(null);
  });

  test('no network, a hub in trouble, and one that falls silent', async () => {
    await expect(get({ address: 'http://127.0.0.1:9' })).rejects.toMatchObject(says(/no connection/, 'network'));
    hub.status = 503;
    await expect(get()).rejects.toMatchObject(says(/answered 503.*Try again later/, 'network'));
    hub.status = 429;
    await expect(get()).rejects.toMatchObject(says(/asked too often/));
    hub.status = null;
    hub.pieceMs = 300;
    await expect(get({ stallMs: 60 })).rejects.toMatchObject(says(/sent nothing more of model\.safetensors/));
  });

  test('another model, weights of PyTorch alone, no config', async () => {
    const model = hub.models.get(`${MODEL}@main`);
    const change = (name: string, text: string | null) =>
      text === null ? model?.delete(name) : model?.set(name, new TextEncoder().encode(text));
    change('config.json', JSON.stringify({ ...config.raw, model_type: 'yolos' }));
    await expect(get()).rejects.toMatchObject(
      says(/config\.json of someone\/tiny-detr: "model_type" is "yolos".*Expected/, 'bad-config'),
    );
    expect(hub.asked.some(({ host }) => host === 'cdn')).toBe(false);
    expect(await hubModels(store)).toEqual([]);
    change('config.json', JSON.stringify(config.raw));
    change('pytorch_model.bin', 'pickle');
    change('model.safetensors', null);
    for (const hasApi of [true, false]) {
      hub.hasApi = hasApi;
      await expect(get()).rejects.toMatchObject(
        says(/has pytorch_model\.bin, and no model\.safetensors.*refs\/pr\/1.*save_pretrained/, 'bad-weights'),
      );
    }
    change('config.json', null);
    await expect(get()).rejects.toMatchObject(says(/no config\.json/, 'not-found'));
  });

  test('a head of another class count, by its tensor, when it is opened', async () => {
    const more = { ...config.raw, id2label: { 0: 'a', 1: 'b', 2: 'c', 3: 'd' } };
    hub.models.get(`${MODEL}@main`)?.set('config.json', new TextEncoder().encode(JSON.stringify(more)));
    await get();
    await expect(openHubModel(store, MODEL)).rejects.toMatchObject(
      says(/model\.safetensors.*"class_labels_classifier\.weight" has the shape.*it names 4 classes/, 'bad-weights'),
    );
  });

  test('too little room, before the weights are asked for', async () => {
    const full: HubStore = { ...store, freeBytes: async () => 100 };
    await expect(get({ store: full })).rejects.toMatchObject(says(/need .* more, and 100 bytes are free/, 'storage'));
    expect(hub.asked.some(({ host }) => host === 'cdn')).toBe(false);
  });
});

test('weights in several files are read by their index, as halves of both kinds too', async () => {
  const tensors = [...readSafetensors(whole).tensors];
  const shards = new Map<string, Uint8Array>();
  const map: Record<string, string> = {};
  for (const part of [0, 1, 2]) {
    const file = `model-0000${part + 1}-of-00003.safetensors`;
    const mine = tensors.filter((_, index) => index % 3 === part);
    for (const [name] of mine) map[name] = file;
    const stored = mine.map(([name, tensor]): [string, SafetensorsInput] => {
      const values = tensorToFloat32(tensor);
      // The upper half of a float32 is a bfloat16, rounded towards zero.
      const brain = Uint16Array.from(new Uint32Array(values.buffer), (bits) => bits >>> 16);
      return [name, part === 0 ? tensor : { dtype: 'BF16', shape: tensor.shape, data: brain }];
    });
    shards.set(file, writeSafetensors(stored));
  }
  const model = hub.models.get(`${MODEL}@main`);
  model?.delete('model.safetensors');
  const index = new TextEncoder().encode(JSON.stringify({ metadata: { total_size: 1 }, weight_map: map }));
  model?.set('model.safetensors.index.json', index);
  for (const [name, bytes] of shards) model?.set(name, bytes);
  await get();
  const read = await opened();
  for (const [name, values] of weights.values) {
    const got = read.values.get(name) ?? new Float32Array();
    for (const [i, value] of values.entries())
      expect(Math.abs((got[i] ?? 0) - value)).toBeLessThanOrEqual(Math.abs(value) / 128);
  }
  await removeHubModel(store, MODEL);
  model?.delete('model-00002-of-00003.safetensors');
  await expect(get()).rejects.toMatchObject({
    message: expect.stringMatching(/names model-00002-of-00003\.safetensors, which is not there/),
  });
  model?.set(
    'model.safetensors.index.json',
    new TextEncoder().encode('{"weight_map":{"a":"../../etc/x.safetensors"}}'),
  );
  await expect(get()).rejects.toMatchObject({ code: 'bad-weights', message: expect.stringContaining('own folder') });
});

function flipped(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes);
  const at = copy.byteLength - 100;
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
