import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readOfferedSets } from '../../src/data/offered-sets.ts';
import { testStore } from '../../src/data/test-data-set-store.ts';
import { testService, vocPictures } from '../../src/data/test-import.ts';
import { shardsOf } from '../../src/data/test-shard-host.ts';
import { processedFolder } from './processed-folder.ts';

let root: string;
let server: Server;
let origin: string;
const warnings: string[] = [];
const made = await shardsOf(vocPictures(12, 60), { name: 'cells', shardBytes: 40_000 });

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'detrain-processed-'));
  const folder = join(root, 'processed');
  await mkdir(join(folder, 'my cells'), { recursive: true });
  for (const [name, bytes] of made.files) await writeFile(join(folder, 'my cells', name), bytes);
  await writeFile(join(folder, 'my cells', 'source.json'), '{}');
  await mkdir(join(folder, 'half'));
  await writeFile(join(folder, 'half', 'shard-00000.tar'), 'half');
  await mkdir(join(folder, 'odd'));
  await writeFile(join(folder, 'odd', 'index.json'), '{"format": "something else"}');
  await writeFile(join(root, 'secret.txt'), 'secret');
  await mkdir(join(root, 'elsewhere'));
  await writeFile(join(root, 'elsewhere', 'index.json'), 'secret');
  await symlink(join(root, 'elsewhere'), join(folder, 'linked'));
  await mkdir(join(folder, 'sly'));
  await symlink(join(root, 'secret.txt'), join(folder, 'sly', 'index.json'));
  await symlink(join(root, 'secret.txt'), join(folder, 'sly', 'shard-00000.tar'));
  const sets = processedFolder(folder, (message) => warnings.push(message));
  server = createServer((request, response) => {
    void sets.answer((request.url ?? '').replace(/^\/processed\//, ''), request, response).then((isAnswered) => {
      if (!isAnswered) response.writeHead(404).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/processed/`;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(root, { recursive: true, force: true });
});

/** The status of a path as it stands: `fetch` would tidy it up. */
function statusOf(path: string, method = 'GET'): Promise<number> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    httpRequest({ hostname, port, method, path: `/processed/${path}` }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

test('the sets of the folder are listed with what they hold, and one is imported from there', async () => {
  const url = `${origin}sets.json`;
  const offered = readOfferedSets(await (await fetch(url)).text(), url);
  expect(offered).toEqual([
    {
      name: 'cells',
      url: `${origin}my%20cells/index.json`,
      images: 12,
      boxes: 12,
      bytes: made.index.samples.reduce((sum, { picture }) => sum + picture.byteLength, 0),
      hash: made.index.hash,
    },
  ]);
  expect(warnings.join()).toMatch(/^odd is not offered to the page: .*index\.json is no index of shards/);
  const service = testService(testStore(), {
    bundled: async () => ({ ...made.index, hash: 'other', imageBytes: () => Promise.reject(new Error('no pictures')) }),
    offeredSets: async () => ({ text: await (await fetch(url)).text(), url }),
  });
  const [offer] = await service.offeredSets();
  const { summary } = await service.importDataSet({ kind: 'address', url: offer?.url ?? '' }, () => undefined);
  expect(summary).toMatchObject({ images: 12, hash: offer?.hash, bytes: offer?.bytes });
});

test('parts of a shard are given by range', async () => {
  const shard = `${origin}my%20cells/shard-00000.tar`;
  const whole = new Uint8Array(await (await fetch(shard)).arrayBuffer());
  expect(whole).toEqual(made.files.get('shard-00000.tar'));
  const part = await fetch(shard, { headers: { Range: 'bytes=100-299' } });
  expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 100-299/${whole.byteLength}`]);
  expect(new Uint8Array(await part.arrayBuffer())).toEqual(whole.slice(100, 300));
  const rest = await fetch(shard, { headers: { Range: `bytes=${whole.byteLength - 5}-` } });
  expect((await rest.arrayBuffer()).byteLength).toBe(5);
  expect((await fetch(shard, { headers: { Range: `bytes=${whole.byteLength}-` } })).status).toBe(416);
  const head = await fetch(shard, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, String(whole.byteLength)]);
});

test('nothing else is given: no other file, none outside, none behind a link, and nothing can be written', async () => {
  for (const path of [
    'my%20cells/source.json',
    'my%20cells/',
    'my%20cells',
    '',
    '../secret.txt',
    '..%2fsecret.txt',
    'my%20cells/..%2f..%2fsecret.txt',
    'my%20cells/../../secret.txt',
    '%2e%2e/secret.txt',
    'my%20cells/shard-99999.tar',
    'linked/index.json',
    'sly/index.json',
    'sly/shard-00000.tar',
    '%00/index.json',
    '%E0%A4%A/index.json',
  ]) {
    expect([path, await statusOf(path)]).toEqual([path, 404]);
  }
  for (const method of ['POST', 'PUT', 'DELETE']) {
    expect(await statusOf('my%20cells/index.json', method)).toBe(405);
  }
  expect(await statusOf('my%20cells/index.json')).toBe(200);
});

test('a folder that is not there has no sets', async () => {
  const nothing = processedFolder(join(root, 'nowhere'), () => undefined);
  const alone = createServer((request, response) => void nothing.answer('sets.json', request, response));
  await new Promise<void>((resolve) => alone.listen(0, '127.0.0.1', resolve));
  const { port } = alone.address() as AddressInfo;
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).json()).toEqual({ sets: [] });
  alone.closeAllConnections();
  alone.close();
});
