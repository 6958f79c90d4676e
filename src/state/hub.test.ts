import { expect, test } from 'vitest';
import { StudioError } from '../base/errors.ts';
import { HUB_URL, hubAddress, hubNameText, parseHubName } from '../base/hub-models.ts';
import type { HubApi, HubModelSummary, HubProgress, HubRequest } from '../rpc/protocol.ts';
import { createHubStore, fetchWords, hubEntries, hubStatus, keptName, keptWords } from './hub.ts';

const kept: HubModelSummary = {
  name: 'someone/tiny',
  hub: HUB_URL,
  commit: null,
  complete: true,
  bytes: 4.3e6,
  totalBytes: 4.3e6,
  fetchedAtMs: 1,
};

test('names of models, with their revisions and in short, and what is none', () => {
  expect(parseHubName('resnet-50')).toEqual({ id: 'facebook/detr-resnet-50', revision: 'main' });
  expect(keptName(' resnet-50-dc5@no_timm ')).toBe('facebook/detr-resnet-50-dc5@no_timm');
  expect(hubNameText({ id: 'a/b', revision: 'refs/pr/1' })).toBe('a/b@refs/pr/1');
  for (const bad of [
    '',
    'a',
    'a/b/c',
    '../b',
    'a/..',
    '/a/b',
    'a/b@',
    'a/b@x@y',
    'a/b@../c',
    'a b/c',
    'https://a/b',
    'a/b?c',
  ]) {
    expect(parseHubName(bad), bad).toBe(null);
  }
});

test('addresses of hubs', () => {
  expect(hubAddress(' https://hub.example/mirror/ ')).toBe('https://hub.example/mirror');
  for (const bad of ['', 'hub.example', 'ftp://hub.example', 'https://me:secret@hub.example', 'https://a.example/?b']) {
    expect(hubAddress(bad), bad).toBe(null);
  }
});

test('the list holds what is offered, what is kept, and what is being fetched, each once', () => {
  const part = { ...kept, name: 'facebook/detr-resnet-50', complete: false, bytes: 60e6, totalBytes: 167e6 };
  const entries = hubEntries([kept, part], 'someone/new');
  expect(entries.map(({ name }) => name)).toEqual([
    'facebook/detr-resnet-50',
    'facebook/detr-resnet-101',
    'facebook/detr-resnet-50-dc5',
    'someone/tiny',
    'someone/new',
  ]);
  expect(entries.map(keptWords)).toEqual(['60.0 MB of 167 MB is here', '243 MB', '167 MB', '4.3 MB, kept here', '']);
  expect(hubEntries([kept, part], 'someone/tiny')).toHaveLength(4);
});

test('how far it is, how fast, and how long it takes still', () => {
  const progress: HubProgress = {
    ...{ name: 'a/b', phase: 'fetching', file: 'model.safetensors' },
    ...{ bytesDone: 12e6, bytesTotal: 167e6, bytesPerSecond: 31e6, secondsLeft: 5 },
  };
  expect(fetchWords(progress)).toBe('12.0 MB of 167 MB, 31.0 MB/s, 5 s left');
  expect(hubStatus(progress)).toMatchObject({ what: 'Fetching "a/b"', howFar: '12.0 MB of 167 MB', rate: '31.0 MB/s' });
  expect(hubStatus({ ...progress, bytesTotal: null })?.fraction).toBe(null);
});

test('one model at a time; the token goes along; a refusal of the user is no fault, any other is told', async () => {
  const asked: HubRequest[] = [];
  let answer: () => Promise<HubModelSummary> = async () => kept;
  const api: HubApi = {
    hubModels: async () => [kept],
    fetchHubModel: (request) => {
      asked.push(request);
      return answer();
    },
    cancelHubFetch: async () => {},
    removeHubModel: async () => ({ freedBytes: 4.3e6 }),
  };
  const store = createHubStore(api);
  store.getState().setToken(' hf_secret ');
  const first = store.getState().fetch('someone/tiny', HUB_URL);
  expect(await store.getState().fetch('someone/other', HUB_URL)).toBe(false);
  expect(await first).toBe(true);
  expect(asked).toEqual([{ name: 'someone/tiny', hub: HUB_URL, token: 'hf_secret' }]);
  expect(store.getState()).toMatchObject({ models: [kept], fetching: null, fault: null });

  answer = () => Promise.reject(new StudioError('cancelled', 'Not allowed.'));
  expect(await store.getState().fetch('someone/tiny', HUB_URL)).toBe(false);
  expect(store.getState().fault).toBe(null);
  answer = () => Promise.reject(new StudioError('network', 'No network.'));
  await store.getState().fetch('resnet-50', HUB_URL);
  expect(store.getState().fault).toMatchObject({ name: 'facebook/detr-resnet-50', error: { code: 'network' } });
  await store.getState().remove('someone/tiny');
  expect(store.getState()).toMatchObject({ fault: null, lastRemoval: { name: 'someone/tiny', freedBytes: 4.3e6 } });
});
