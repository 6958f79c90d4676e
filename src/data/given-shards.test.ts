import { afterEach, expect, test } from 'vitest';
import { testStore } from './test-data-set-store.ts';
import { testService } from './test-import.ts';
import { bundled, expectWhole, largeShards, onDisk } from './test-large-shards.ts';
import { type ShardHost, startShardHost } from './test-shard-host.ts';

const made = await largeShards();
const silent = () => undefined;
/** More connections without a byte than are tried. */
const NOTHING = Array.from({ length: 40 }, () => 0);

let host: ShardHost | null = null;
afterEach(async () => {
  await host?.close();
  host = null;
});

test('from the disk, with index.json beside the shards, nothing but pictures is read', async () => {
  const store = testStore();
  const { summary } = await testService(store, { bundled }).importDataSet(onDisk(made.files), silent);
  expect(summary.hash).toBe(made.index.hash);
  await expectWhole(store, summary.id, made.index);
});

test('from the disk what is missing or changed is named', async () => {
  const store = testStore();
  const service = testService(store, { bundled });
  const less = new Map([...made.files].filter(([name]) => name !== 'shard-00001.tar'));
  less.set('shard-00003.tar', less.get('shard-00003.tar')?.slice(0, 500_000) ?? new Uint8Array());
  await expect(service.importDataSet(onDisk(less), silent)).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringMatching(
      /shard-00001\.tar \(missing\), shard-00003\.tar \(500000 bytes; the index lists \d+\)/,
    ),
  });
  expect(store.pictureCount()).toBe(0);

  const changed = new Map(made.files);
  changed.set('shard-00001.tar', changed.get('shard-00001.tar')?.with(900_000, 255) as Uint8Array<ArrayBuffer>);
  await expect(service.importDataSet(onDisk(changed), silent)).rejects.toMatchObject({
    code: 'bad-archive',
    message: expect.stringMatching(
      /^shard-00001\.tar is changed or damaged: the picture "\d+".* 17 of the 18 pictures/,
    ),
  });
  const { summary, resumedPictures } = await service.importDataSet(onDisk(made.files), silent);
  expect(resumedPictures).toBe(17);
  await expectWhole(store, summary.id, made.index);

  const two = onDisk(made.files);
  const other = onDisk(made.files, 'others/');
  const both = [two, other].flatMap((source) => (source.kind === 'files' ? source.files : []));
  await expect(service.importDataSet({ kind: 'files', name: 'both', files: both }, silent)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('several sets in shards (cells/index.json, others/index.json)'),
  });
});

test('from the disk, what is there can be taken as a set that says so; what was fetched before is not read again', async () => {
  const store = testStore();
  const service = testService(store, { bundled });
  const less = new Map([...made.files].filter(([name]) => name !== 'shard-00001.tar'));
  const { summary } = await service.importDataSet({ ...onDisk(less), takeCutOff: true }, silent);
  expect(summary).toMatchObject({ name: 'cells (incomplete)', images: 14 });

  host = await startShardHost(made.files);
  host.cutAfter.push(null, ...NOTHING);
  await expect(service.importDataSet({ kind: 'address', url: `${host.address}/` }, silent)).rejects.toMatchObject({
    code: 'network',
  });
  expect(await service.importDataSet(onDisk(made.files), silent)).toMatchObject({ resumedPictures: 4 });
});
