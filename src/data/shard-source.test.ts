import { afterEach, expect, test } from 'vitest';
import { testStore } from './test-data-set-store.ts';
import { testService } from './test-import.ts';
import { bundled, largeShards } from './test-large-shards.ts';
import { type ShardHost, startShardHost } from './test-shard-host.ts';
import type { ImportSource } from './types.ts';

const made = await largeShards();
const text = new TextEncoder();
const silent = () => undefined;

const hosts: ShardHost[] = [];
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.close();
});

async function hostOf(): Promise<ShardHost> {
  const host = await startShardHost(made.files);
  hosts.push(host);
  return host;
}

function at(host: ShardHost, path: string): ImportSource {
  return { kind: 'address', url: `${host.address}${path}` };
}

test('an index that is none, that is not there, or whose hash is not that of its content', async () => {
  const host = await hostOf();
  const store = testStore();
  const service = testService(store, { bundled });
  const said = async (source: ImportSource) => {
    const error = await service.importDataSet(source, silent).catch((thrown: unknown) => thrown);
    return error instanceof Error ? error.message : 'imported';
  };
  const index = new TextDecoder().decode(made.files.get('index.json'));
  host.files.set('page.json', text.encode('<html>Hello</html>'));
  host.files.set('lied.json', text.encode(index.replace(made.index.hash, 'a'.repeat(64))));
  host.files.set('moved.json', text.encode(index.replace('"boxXyxyPx":[0,0,', '"boxXyxyPx":[1,0,')));
  host.files.set('cut.json', text.encode(index.slice(0, index.length / 2)));
  expect(await said(at(host, '/page.json'))).toMatch(/sent a web page for .*page\.json; expected the index\.json/);
  expect(await said(at(host, '/none.json'))).toMatch(/answered 404 .* expected a set in shards/);
  expect(await said(at(host, '/lied.json'))).toMatch(/says that its content has the hash aaaaaaaaaaaa, and it has/);
  expect(await said(at(host, '/moved.json'))).toMatch(/it was changed or damaged/);
  expect(await said(at(host, '/cut.json'))).toMatch(/index\.json/);
  expect(host.asked.some((asked) => asked.includes('.tar'))).toBe(false);
  expect(await store.journals()).toEqual([]);
});

test('an address without an ending may be an archive as well: it is asked for where there is no index', async () => {
  const host = await hostOf();
  const asked: string[] = [];
  const fetchArchive = async (url: string) => {
    asked.push(url);
    return Promise.reject(new Error('asked'));
  };
  const service = testService(testStore(), { bundled, fetchArchive });
  for (const path of ['/elsewhere', '/archive.tar', '/download?id=3']) {
    await expect(service.importDataSet(at(host, path), silent)).rejects.toThrow('asked');
  }
  expect(asked).toEqual(['/elsewhere', '/archive.tar', '/download?id=3'].map((path) => `${host.address}${path}`));
  expect(host.asked).toEqual(['elsewhere/index.json']);
});
