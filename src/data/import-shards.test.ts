import { afterEach, expect, test } from 'vitest';
import { writeShardIndex } from './shard-index.ts';
import { testStore } from './test-data-set-store.ts';
import { bitmap, testService } from './test-import.ts';
import { bundled, expectWhole, LARGE, LARGE_BYTES, largeShards, onDisk, PICTURES } from './test-large-shards.ts';
import { type MadeShards, type ShardHost, startShardHost } from './test-shard-host.ts';
import type { DataSetStore, ImportProgress, ImportSource } from './types.ts';

/** More connections without a byte than are tried. */
const NOTHING = Array.from({ length: 40 }, () => 0);
const silent = () => undefined;
const text = new TextEncoder();

const made = await largeShards();

const hosts: ShardHost[] = [];
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.close();
});

async function hostOf({ files }: MadeShards = made): Promise<ShardHost> {
  const host = await startShardHost(files);
  hosts.push(host);
  return host;
}

function at(host: ShardHost, path = '/index.json'): ImportSource {
  return { kind: 'address', url: `${host.address}${path}` };
}

test('a set in shards is imported by the address of its index or of its folder: the set and the hash of the index', async () => {
  for (const path of ['/index.json', '/', '']) {
    const host = await hostOf();
    host.pieceMs = 1;
    const store = testStore();
    const told: ImportProgress[] = [];
    const service = testService(store, { bundled });
    const { summary, alreadyThere } = await service.importDataSet(at(host, path), (progress) => told.push(progress));
    expect(alreadyThere).toBe(false);
    expect(summary).toMatchObject({ name: 'cells', hash: made.index.hash, images: PICTURES, bytes: 18 * LARGE_BYTES });
    expect(summary.splits).toEqual({ train: 12, val: 6 });
    await expectWhole(store, summary.id, made.index);
    expect(await store.journals()).toEqual([]);
    // Annotations stand in the index: shards that hold nothing else are not fetched.
    const shards = new Set(made.index.samples.map(({ picture }) => made.index.shards[picture.shard]?.name));
    expect([...host.asked].sort()).toEqual([...shards, 'index.json'].sort());
    expect(host.atOnce.most).toBeGreaterThan(1);
    expect(host.atOnce.most).toBeLessThanOrEqual(3);
    expect(told.at(-1)).toMatchObject({ phase: 'finishing', picturesDone: 18, bytesDone: 18 * LARGE_BYTES });
    expect(told[0]).toMatchObject({ name: 'cells', bytesDone: 0, bytesTotal: 18 * LARGE_BYTES });
  }
});

test('a set that is here already is recognised by its index, and no shard is fetched', async () => {
  const store = testStore();
  const service = testService(store, { bundled });
  const { summary } = await service.importDataSet(onDisk(made.files), silent);
  const host = await hostOf();
  expect(await service.importDataSet(at(host), silent)).toMatchObject({ alreadyThere: true, summary });
  expect(host.asked).toEqual(['index.json']);
});

test('connections that are cut are taken up by range, and no picture is written twice', async () => {
  const host = await hostOf();
  host.cutAfter.push(700_000, 300_000, null, 10, 900_000);
  const store = testStore();
  const { summary } = await testService(store, { bundled }).importDataSet(at(host), silent);
  await expectWhole(store, summary.id, made.index);
  expect(store.writtenPaths).toHaveLength(PICTURES);
  expect(host.asked.filter((asked) => / bytes=[1-9]\d*-\d+$/.test(asked)).length).toBeGreaterThanOrEqual(4);
});

test('a server that ignores ranges is read from its beginning, and what was taken is passed over', async () => {
  const host = await hostOf();
  host.ignoresRange = true;
  host.cutAfter.push(700_000, 1_200_000, null, 600_000);
  const store = testStore();
  const { summary } = await testService(store, { bundled }).importDataSet(at(host), silent);
  await expectWhole(store, summary.id, made.index);
  expect(store.writtenPaths).toHaveLength(PICTURES);
});

test('a server that is gone for good: what came stays, and begun again elsewhere the rest alone is fetched', async () => {
  const host = await hostOf();
  host.cutAfter.push(null, 1_000_000, 1_000_000, ...NOTHING);
  const store = testStore();
  // The shard that is whole comes to its end before the others are given up.
  const wait = async (): Promise<void> => {
    do await new Promise((resolve) => setTimeout(resolve, 20));
    while (host.atOnce.now > 0);
  };
  const service = testService(store, { bundled, wait });
  await expect(service.importDataSet(at(host), silent)).rejects.toMatchObject({
    code: 'network',
    message: expect.stringMatching(/broke off in the middle of shard-0000\d\.tar.*what came is kept/),
  });
  const [interrupted] = (await service.dataSets()).interrupted;
  expect(interrupted).toMatchObject({ name: 'cells', address: `${host.address}/index.json` });
  const stored = interrupted?.picturesStored ?? 0;
  expect(stored).toBe(8);

  const mirror = await hostOf();
  const again = testService(store, { bundled });
  const { summary, resumedPictures } = await again.importDataSet(at(mirror), silent);
  expect(resumedPictures).toBe(stored);
  await expectWhole(store, summary.id, made.index);
  expect(store.writtenPaths).toHaveLength(PICTURES);
  // The shard that was whole is not asked for, the two that were cut from their first missing picture on.
  expect(mirror.asked.filter((asked) => asked.startsWith('shard-00000'))).toEqual([]);
  for (const shard of ['shard-00001', 'shard-00002']) {
    expect(mirror.asked.filter((asked) => asked.startsWith(shard))).toEqual([
      expect.stringMatching(/\.tar bytes=9\d{5}-\d+$/),
    ]);
  }
  expect((await again.dataSets()).interrupted).toEqual([]);
});

const WRITES: readonly (keyof DataSetStore)[] = [
  'writeJournal',
  'writePictures',
  'writeJournalPictures',
  'writeSet',
  'removeJournal',
];

test.each(WRITES.flatMap((name) => [1, 2].map((nth) => [name, nth] as const)))(
  'killed in place of %s, time %i: the same address gives the whole set, nothing missing, nothing twice',
  async (name, nth) => {
    const host = await hostOf();
    const store = testStore();
    let seen = 0;
    let dead = false;
    store.beforeWrite = (write) => {
      if (write === name) seen += 1;
      if (seen >= nth) dead = true;
      // A killed browser writes nothing more, not even to clear up.
      if (dead) throw new Error('killed');
    };
    await testService(store, { bundled })
      .importDataSet(at(host), silent)
      .catch(() => undefined);
    store.beforeWrite = silent;
    const { summary } = await testService(store, { bundled }).importDataSet(at(host), silent);
    await expectWhole(store, summary.id, made.index);
    expect(await store.journals()).toEqual([]);
    expect(store.pictureCount()).toBe(PICTURES);
    expect((await store.summaries()).map(({ id }) => id)).toEqual([summary.id]);
  },
);

test('cancelled, what came whole stays and is not fetched again', async () => {
  const host = await hostOf();
  host.pieceMs = 1;
  const store = testStore();
  const service = testService(store, { bundled });
  const cancelled = service.importDataSet(at(host), ({ picturesDone }) => {
    if (picturesDone >= 3) void service.cancelImport();
  });
  await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  const before = store.writtenPaths.length;
  expect(before).toBeGreaterThanOrEqual(3);
  host.pieceMs = 0;
  const { summary, resumedPictures } = await service.importDataSet(at(host), silent);
  expect(resumedPictures).toBe(before);
  await expectWhole(store, summary.id, made.index);
  expect(store.writtenPaths).toHaveLength(PICTURES);
});

/** What a server may do to shards, and what is said of it. */
const FAULTS: Readonly<Record<string, { spoil: (host: ShardHost) => void; said: RegExp; code: string }>> = {
  'a shard that is cut off': {
    spoil: (host) => replace(host, 'shard-00001.tar', (bytes) => bytes.slice(0, 1_000_000)),
    said: /^shard-00001\.tar has 1000000 bytes at 127.*the index lists \d+ bytes\. \d+ of the 18 pictures of cells are stored/,
    code: 'network',
  },
  'a shard that is cut off by a server that does not say how long it is (416)': {
    spoil: (host) => {
      host.answer = (name, response) => {
        if (name !== 'shard-00001.tar') return false;
        if (host.asked.at(-1)?.includes('bytes=') === true) response.writeHead(416).end();
        else response.writeHead(200, { 'transfer-encoding': 'chunked' }).end(host.files.get(name)?.slice(0, 600_000));
        return true;
      };
    },
    said: /^shard-00001\.tar ends before byte 600000 .* \(416\)/,
    code: 'network',
  },
  'a web page in place of a tar': {
    spoil: (host) => {
      host.answer = (name, response) => {
        if (name !== 'shard-00002.tar') return false;
        response.setHeader('content-type', 'text/html; charset=utf-8').end('<html>Sign in</html>');
        return true;
      };
    },
    said: /^shard-00002\.tar is a web page at 127/,
    code: 'network',
  },
  'shards that are missing': {
    spoil: (host) => {
      host.files.delete('shard-00000.tar');
      host.files.delete('shard-00003.tar');
    },
    said: /^shard-00000\.tar is not at .* \(404\).* So it is with 1 other shards: shard-00003\.tar\./,
    code: 'not-found',
  },
  'a byte of a picture that is changed': {
    spoil: (host) =>
      replace(host, 'shard-00001.tar', (bytes) => bytes.with(900_000, 1 + (bytes[900_000] ?? 0)) as typeof bytes),
    said: /^shard-00001\.tar is changed or damaged: the picture "\d+" in it is not what the index lists/,
    code: 'bad-archive',
  },
  'another part than was asked for': {
    spoil: (host) => {
      host.cutAfter.push(null, 700_000);
      host.answer = (name, response) => {
        if (name !== 'shard-00001.tar' || host.asked.at(-1)?.includes('bytes=') !== true) return false;
        response.writeHead(206, { 'content-range': 'bytes 0-99/100' }).end(Buffer.alloc(100));
        return true;
      };
    },
    said: /^shard-00001\.tar came as another part than was asked for/,
    code: 'network',
  },
};

function replace(
  host: ShardHost,
  name: string,
  change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>,
): void {
  host.files.set(name, change(host.files.get(name) ?? new Uint8Array()));
}

test.each(Object.keys(FAULTS))(
  '%s is named, the other pictures stay, and once it is mended it goes on',
  async (name) => {
    const fault = FAULTS[name];
    if (fault === undefined) return;
    const host = await hostOf();
    fault.spoil(host);
    const store = testStore();
    const service = testService(store, { bundled });
    await expect(service.importDataSet(at(host), silent)).rejects.toMatchObject({
      code: fault.code,
      message: expect.stringMatching(fault.said),
      details: { cutOff: true },
    });
    const stored = new Set(store.writtenPaths).size;
    expect(stored).toBeGreaterThanOrEqual(10);
    expect(store.pictureCount()).toBe(stored);
    host.answer = null;
    for (const [file, bytes] of made.files) host.files.set(file, bytes);
    const { summary, resumedPictures } = await service.importDataSet(at(host), silent);
    expect(resumedPictures).toBe(stored);
    await expectWhole(store, summary.id, made.index);
    expect(store.writtenPaths).toHaveLength(PICTURES);
  },
);

test('what a line changes on the way once is fetched again', async () => {
  const host = await hostOf();
  let spoilt = 0;
  host.answer = (name, response) => {
    if (name !== 'shard-00001.tar' || spoilt > 0) return false;
    spoilt += 1;
    response.end(host.files.get(name)?.with(1_000_000, 255));
    return true;
  };
  const store = testStore();
  const { summary } = await testService(store, { bundled }).importDataSet(at(host), silent);
  await expectWhole(store, summary.id, made.index);
  expect(spoilt).toBe(1);
});

test('what lies between the pictures of a shard may be damaged: that is told, and the set is whole', async () => {
  const host = await hostOf();
  const [first] = made.index.samples.map(({ picture }) => picture).sort((a, b) => a.byteOffset - b.byteOffset);
  expect(first?.byteOffset).toBeGreaterThan(100);
  replace(host, 'shard-00000.tar', (bytes) => bytes.with(5, 1) as typeof bytes);
  const store = testStore();
  const { summary, problems } = await testService(store, { bundled }).importDataSet(at(host), silent);
  expect(problems).toContainEqual({
    file: 'shard-00000.tar',
    severity: 'warning',
    reason: expect.stringMatching(/sha256 is another.*each of its pictures is/),
  });
  expect(summary.hash).toBe(made.index.hash);
});

test('where shards are gone for good the pictures that are there can be taken, as a set that says so', async () => {
  const host = await hostOf();
  host.files.delete('shard-00002.tar');
  const store = testStore();
  const service = testService(store, { bundled });
  await expect(service.importDataSet(at(host), silent)).rejects.toMatchObject({ details: { cutOff: true } });
  const { summary, problems } = await service.importDataSet({ ...at(host), takeCutOff: true }, silent);
  expect(summary).toMatchObject({ name: 'cells (incomplete)', images: 14, classes: made.index.classes });
  expect(summary.hash).not.toBe(made.index.hash);
  expect(problems.at(-1)).toMatchObject({ file: 'shard-00002.tar', severity: 'refused' });
  const { splits, samples } = await service.dataSet(summary.id);
  expect(Object.values(splits).flat().sort()).toEqual(samples.map(({ id }) => id).sort());
});

test('another index at the same address: pictures that are the same stay, the others are fetched', async () => {
  const host = await hostOf();
  const store = testStore();
  let batches = 0;
  store.beforeWrite = (write) => {
    if (write === 'writePictures') batches += 1;
    if (batches >= 2) throw new Error('killed');
  };
  await testService(store, { bundled })
    .importDataSet(at(host), silent)
    .catch(() => undefined);
  store.beforeWrite = silent;
  expect(store.writtenPaths).toHaveLength(8);
  const id = /(\d+)\.bmp$/.exec(store.writtenPaths[0] ?? '')?.[1] ?? '';

  const other = bitmap(LARGE, LARGE, Number(id)).with(99, 77) as Uint8Array<ArrayBuffer>;
  const changed = await largeShards(new Map([[`JPEGImages/${id}.bmp`, other]]));
  expect(changed.index.hash).not.toBe(made.index.hash);
  for (const [name, bytes] of changed.files) host.files.set(name, bytes);
  const service = testService(store, { bundled });
  const { summary, resumedPictures } = await service.importDataSet(at(host), silent);
  expect(summary.hash).toBe(changed.index.hash);
  expect(resumedPictures).toBe(7);
  await expectWhole(store, summary.id, changed.index);
  expect((await service.picture(summary.id, id))[99]).toBe(77);
  expect(store.writtenPaths).toHaveLength(PICTURES + 1);
  expect(await store.journals()).toEqual([]);
});

test('an index that gives a picture another size than it has is refused, and nothing is kept', async () => {
  const [first, ...others] = made.index.samples;
  if (first === undefined) return;
  const { hashDataSet } = await import('./data-set-hash.ts');
  const samples = [{ ...first, size: { h: LARGE, w: LARGE + 1 } }, ...others];
  const digests = new Map(samples.map(({ id, picture }) => [id, picture.sha256]));
  const hash = await hashDataSet(samples, async (id) => digests.get(id) ?? '');
  const host = await hostOf();
  host.files.set('index.json', text.encode(writeShardIndex({ ...made.index, samples, hash })));
  const store = testStore();
  await expect(testService(store, { bundled }).importDataSet(at(host), silent)).rejects.toMatchObject({
    code: 'bad-data-set',
    message: expect.stringContaining('as 401 x 400, and it is 400 x 400'),
  });
  expect(await store.journals()).toEqual([]);
  expect(store.pictureCount()).toBe(0);
});

test('a full store: what came stays, what is missing is said, and with room it goes on', async () => {
  const host = await hostOf();
  const store = testStore();
  store.capacity = 6e6;
  const service = testService(store, { bundled });
  await expect(service.importDataSet(at(host), silent)).rejects.toMatchObject({
    code: 'storage',
    message: expect.stringMatching(/needs about \d\.\d MB more, and 2\.2 MB are free.*8 pictures stay stored/),
  });
  store.capacity = 20e6;
  const { summary, resumedPictures } = await service.importDataSet(at(host), silent);
  expect(resumedPictures).toBe(8);
  await expectWhole(store, summary.id, made.index);
});
