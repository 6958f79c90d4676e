import { expect, test } from 'vitest';
import { testStore } from './test-data-set-store.ts';
import { testService } from './test-import.ts';
import { bundled, largeShards } from './test-large-shards.ts';
import { startShardHost } from './test-shard-host.ts';
import type { ArrivedSet, DataSetIndex } from './types.ts';

const made = await largeShards();

/** Imports the set, and does `work` in the middle: two shards have come and are stored, the others are held back meanwhile. */
async function inTheMiddle(
  work: (service: ReturnType<typeof testService>) => Promise<void>,
  {
    cancel = false,
    runOn = async () => null,
  }: { readonly cancel?: boolean; readonly runOn?: (id: string) => Promise<string | null> } = {},
) {
  const host = await startShardHost(made.files);
  const store = testStore();
  const service = testService(store, { bundled, runOn });
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  host.answer = (name, response) => {
    if (/0000[01]\.tar$/.test(name)) return false;
    void released.then(() => response.end(host.files.get(name)));
    return true;
  };
  const importing = service
    .importDataSet({ kind: 'address', url: `${host.address}/` }, () => undefined)
    .then(
      ({ summary }) => summary,
      () => null,
    );
  while (store.writtenPaths.length < 8) await new Promise((resolve) => setTimeout(resolve, 5));
  await work(service);
  if (cancel) void service.cancelImport();
  release();
  const summary = await importing;
  await host.close();
  return { summary, store, service };
}

test('while it comes a set can be looked at: pictures that are stored, with their boxes, under its id to be', async () => {
  let seen: ArrivedSet | null = null;
  let first = 0;
  const { summary, service } = await inTheMiddle(async (going) => {
    seen = await going.arrivingSet();
    const { index } = seen as unknown as { index: DataSetIndex };
    expect(await going.dataSet(index.id)).toEqual(index);
    const [sample] = index.samples;
    first = (await going.picture(index.id, sample?.id ?? ''))[60] ?? -1;
    expect(String(first)).toBe(sample?.id);
    expect(await going.thumbnail(index.id, sample?.id ?? '', 100)).toBeGreaterThan(0);
  });
  const { index, summary: part } = seen as unknown as ArrivedSet;
  expect(part).toMatchObject({ id: summary?.id, name: made.index.name, images: 8, boxes: 8 });
  expect(part.hash).not.toBe(made.index.hash);
  expect(index.samples.every(({ objects }) => objects.length === 1)).toBe(true);
  const ids = new Set(index.samples.map(({ id }) => id));
  expect(
    Object.values(index.splits)
      .flat()
      .every((id) => ids.has(id)),
  ).toBe(true);
  expect(await service.arrivingSet()).toBeNull();
  expect((await service.dataSet(summary?.id ?? '')).samples).toHaveLength(18);
});

test('what has come is kept as a set of its own, which stays as it is when the rest has come', async () => {
  let partId = '';
  const { summary, service, store } = await inTheMiddle(async (going) => {
    const part = await going.keepArrived();
    partId = part.id;
    expect(part).toMatchObject({ name: `${made.index.name} (first 8 pictures)`, images: 8, bytes: 0 });
    expect(part.classes).toEqual(made.index.classes);
    // Asked for again with nothing new, it is the same.
    expect((await going.keepArrived()).id).toBe(partId);
  });
  expect(summary).toMatchObject({ hash: made.index.hash, images: 18 });
  const part = await service.dataSet(partId);
  expect(part.samples).toHaveLength(8);
  for (const { id } of part.samples) expect(String((await service.picture(partId, id))[60])).toBe(id);
  expect((await service.dataSets()).sets.map(({ images }) => images).sort()).toEqual([0, 18, 8]);

  await service.removeDataSet(partId);
  expect(store.pictureCount()).toBe(18);
  expect((await service.picture(summary?.id ?? '', '0')).byteLength).toBeGreaterThan(0);
});

test('with the whole set what was made of it goes, but not while a run trains on it', async () => {
  let run: string | null = null;
  let partId = '';
  const { summary, service, store } = await inTheMiddle(
    async (going) => {
      partId = (await going.keepArrived()).id;
    },
    { runOn: async (id) => (id === partId ? run : null) },
  );
  run = 'night run';
  await expect(service.removeDataSet(summary?.id ?? '')).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringMatching(/"night run" trains on .*first 8 pictures/),
  });
  run = null;
  await service.removeDataSet(summary?.id ?? '');
  expect((await service.dataSets()).sets).toHaveLength(1);
  expect(store.pictureCount()).toBe(0);
  await expect(service.dataSet(partId)).rejects.toMatchObject({ code: 'not-found' });
});

test('a copy of what was kept has pictures of its own, which stay when the whole set goes', async () => {
  const { summary, service, store } = await inTheMiddle(async (going) => {
    await going.keepArrived();
  });
  const part = (await service.dataSets()).sets.find(({ picturesOf }) => picturesOf !== undefined);
  const copy = await service.copyDataSet(part?.id ?? '');
  await service.removeDataSet(summary?.id ?? '');
  const index = await service.dataSet(copy.id);
  expect(index.samples).toHaveLength(8);
  for (const { id } of index.samples) expect((await service.picture(copy.id, id)).byteLength).toBeGreaterThan(0);
  expect((await store.picturePaths(copy.id)).length).toBe(8);
});

test('an import that is cancelled leaves the set that was made of it, and goes on; discarded, both go', async () => {
  let partId = '';
  const { service, store } = await inTheMiddle(
    async (going) => {
      partId = (await going.keepArrived()).id;
    },
    { cancel: true },
  );
  expect((await service.dataSet(partId)).samples).toHaveLength(8);
  // Another visit, with its sweep.
  const later = testService(store, { bundled });
  const [interrupted] = (await later.dataSets()).interrupted;
  const [sample] = (await later.dataSet(partId)).samples;
  expect((await later.picture(partId, sample?.id ?? '')).byteLength).toBeGreaterThan(0);
  await later.discardImport(interrupted?.id ?? '');
  expect((await later.dataSets()).sets).toHaveLength(1);
  expect(store.pictureCount()).toBe(0);
});

test('without a picture to train on nothing is kept, and without an import neither', async () => {
  const service = testService(testStore(), { bundled });
  await expect(service.keepArrived()).rejects.toMatchObject({ code: 'usage' });
  const { keepPart } = await import('./arriving-set.ts');
  const index = { ...made.index, id: 'i', splits: { train: [], val: ['12'] } };
  const ports = { store: testStore(), summaries: async () => [], clock: () => 0, newId: () => 'n' };
  const summary = { ...(await service.dataSets()).sets[0], canBeKept: true } as ArrivedSet['summary'];
  await expect(keepPart({ index, summary }, ports)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('no picture of the split "train" is here yet'),
  });
});
