import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { consentedFetch } from '../platform/browser/outside-fetch.ts';
import { folderHubStore } from '../platform/node/hub-store.ts';
import { createHubService } from './hub-service.ts';
import { bundledFiles } from './test-bundled.ts';
import { startTestHub, type TestHub } from './test-hub.ts';

const MODEL = 'someone/tiny-detr';
const folder = mkdtempSync(join(tmpdir(), 'detrain-hub-service-'));
let hub: TestHub;
beforeEach(async () => {
  hub = await startTestHub({ [`${MODEL}@main`]: bundledFiles() });
});
afterEach(() => hub.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const questions: object[] = [];
const serviceIn = (name: string, answer: boolean) =>
  createHubService({
    store: folderHubStore(join(folder, name)),
    consent: consentedFetch({
      fetch,
      ask: async (question) => {
        questions.push(question);
        return answer;
      },
    }),
    exclusively: (work) => work(),
    now: () => performance.now(),
    date: () => 1,
    wait: async () => {},
  });

test('the user is asked once a model, with its size where it is known and whether a token goes along', async () => {
  questions.splice(0);
  const refused = serviceIn('refused', false);
  const request = { name: 'resnet-50', hub: hub.address, token: null };
  await expect(refused.fetchHubModel(request, () => {})).rejects.toMatchObject({
    code: 'cancelled',
    message: expect.stringContaining('you did not allow it'),
  });
  expect(hub.asked).toEqual([]);
  const agreed = serviceIn('agreed', true);
  await agreed.fetchHubModel({ name: MODEL, hub: `${hub.address}/`, token: 'hf_secret' }, () => {});
  expect(questions).toEqual([
    { url: `${hub.address}/facebook/detr-resnet-50`, what: 'facebook/detr-resnet-50, about 167 MB' },
    { url: `${hub.address}/${MODEL}`, what: MODEL, sends: 'your token' },
  ]);
  expect(await agreed.hubModels()).toMatchObject([{ name: MODEL, complete: true }]);
});

test('names and addresses that are none are refused before the user is asked', async () => {
  questions.splice(0);
  const service = serviceIn('odd', true);
  for (const [name, address] of [
    ['../../etc', hub.address],
    [MODEL, 'file:///etc'],
  ] as const) {
    const asked = service.fetchHubModel({ name, hub: address, token: null }, () => {});
    await expect(asked).rejects.toMatchObject({ code: 'usage' });
  }
  expect(questions).toEqual([]);
});

test('one model at a time, cancelled from outside, and none deleted meanwhile', async () => {
  hub.pieceMs = 5;
  const service = serviceIn('busy', true);
  const request = { name: MODEL, hub: hub.address, token: null };
  const going = service.fetchHubModel(request, ({ bytesDone }) => {
    if (bytesDone > 0) void service.cancelHubFetch();
  });
  await expect(service.fetchHubModel(request, () => {})).rejects.toMatchObject({ code: 'usage' });
  await expect(service.removeHubModel(MODEL)).rejects.toMatchObject({ code: 'usage' });
  await expect(going).rejects.toMatchObject({ code: 'cancelled' });
  const [part] = await service.hubModels();
  expect(part?.complete).toBe(false);
  expect((await service.removeHubModel(MODEL)).freedBytes).toBe(part?.bytes);
});

test('what is kept in a folder is a checkpoint as others read it', async () => {
  const service = serviceIn('folder', true);
  await service.fetchHubModel({ name: MODEL, hub: hub.address, token: null }, () => {});
  const kept = join(folder, 'folder', 'someone--tiny-detr');
  for (const [name, bytes] of bundledFiles()) {
    if (name.endsWith('.md')) continue;
    expect(Buffer.compare(readFileSync(join(kept, name)), bytes), name).toBe(0);
  }
});
