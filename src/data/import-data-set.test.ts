import { packTar } from 'modern-tar';
import { expect, test } from 'vitest';
import { StudioError } from '../base/errors.ts';
import { readTarTree } from './tar-tree.ts';
import { testStore } from './test-data-set-store.ts';
import { bitmap, givenTar, streamedFile, testService, vocPictures } from './test-import.ts';
import type { DataSet, DataSetStore, ImportProgress, ImportSource } from './types.ts';
import { readVocDataSet } from './voc-data-set.ts';

/** Eight pictures of 400 x 400 are a batch. */
const LARGE = 400;
const LARGE_BYTES = bitmap(LARGE, LARGE).byteLength;
const silent = () => undefined;

/** A set of another hash than any that is imported here. */
const bundled = async (): Promise<DataSet> => {
  const files = new Map(
    [...vocPictures(2)].map(([path, bytes]) => [path, { byteLength: bytes.byteLength, read: async () => bytes }]),
  );
  return readVocDataSet({ name: 'bundled', files, problems: [] }, { seed: 9 });
};

test('a tar is imported as the shell reads it: same samples, splits and hash', async () => {
  const files = vocPictures(5);
  const source = await givenTar(files);
  const store = testStore();
  const service = testService(store, { bundled });
  const told: ImportProgress[] = [];
  const { summary, alreadyThere, resumedPictures } = await service.importDataSet(source, (progress) =>
    told.push(progress),
  );
  const entries = [...files].map(([name, body]) => ({ header: { name, size: body.byteLength }, body }));
  const inShell = await readVocDataSet(await readTarTree(await packTar(entries), 'set.tar'));
  const index = await service.dataSet(summary.id);
  const { imageBytes, ...expected } = inShell;
  expect(index).toEqual({ ...expected, id: summary.id });
  expect({ alreadyThere, resumedPictures }).toEqual({ alreadyThere: false, resumedPictures: 0 });
  expect(summary).toMatchObject({ name: 'set.tar', bundled: false, images: 5, boxes: 5, classes: ['even', 'odd'] });
  expect(summary.bytes).toBe(5 * bitmap(8, 8).byteLength);
  expect(await service.picture(summary.id, '3')).toEqual(await imageBytes('3'));
  expect((await service.dataSets()).sets.map(({ id }) => id)).toEqual(['emoji-scenes', summary.id]);
  expect(await store.journals()).toEqual([]);
  expect(told.map(({ phase }) => phase)).toEqual(expect.arrayContaining(['reading', 'finishing']));
  expect(told.at(-1)).toMatchObject({ picturesDone: 5, bytesDone: told.at(-1)?.bytesTotal });
});

test('the same data comes again, packed otherwise: it is recognised and no copy of it stays', async () => {
  const files = vocPictures(4);
  const store = testStore();
  const service = testService(store, { bundled });
  const first = await service.importDataSet(await givenTar(files), silent);
  const loose = [...files].map(([path, bytes]) => ({ path: `else/where/${path}`, file: new Blob([bytes]) }));
  const again = await service.importDataSet({ kind: 'files', name: 'where', files: loose }, silent);
  expect(again).toMatchObject({ alreadyThere: true, summary: first.summary });
  expect(store.pictureCount()).toBe(4);
  expect((await service.dataSets()).interrupted).toEqual([]);
  expect((await service.dataSets()).sets).toHaveLength(2);
  expect((await service.picture(first.summary.id, '1')).byteLength).toBe(bitmap(8, 8).byteLength);
});

test('what came with the studio is recognised too', async () => {
  const service = testService(testStore(), { bundled });
  const result = await service.importDataSet(await givenTar(vocPictures(2)), silent);
  expect(result).toMatchObject({ alreadyThere: true, summary: { id: 'emoji-scenes', bundled: true } });
});

/** The writes in whose place the browser is killed: the next attempt sees a store as it was before that write. */
const WRITES: readonly (keyof DataSetStore)[] = [
  'writeJournal',
  'writePictures',
  'writeJournalPictures',
  'removePictures',
  'writeSet',
  'removeJournal',
];

test.each(WRITES.flatMap((name) => [1, 2].map((nth) => [name, nth] as const)))(
  'killed in place of %s, time %i: the same files again give the whole set, nothing missing, nothing twice',
  async (name, nth) => {
    const files = vocPictures(18, LARGE);
    files.set('ImageSets/Main/train.txt', new TextEncoder().encode('0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10'));
    files.set('ImageSets/Main/val.txt', new TextEncoder().encode('11\n12\n13\n14\n15\n16'));
    const source = await givenTar(files);
    const store = testStore();
    let seen = 0;
    let dead = false;
    store.beforeWrite = (write) => {
      if (write === name) seen += 1;
      if (seen >= nth) dead = true;
      // A killed browser writes nothing more, not even to clear up.
      if (dead) throw new Error('killed');
    };
    const killed = testService(store, { bundled }).importDataSet(source, silent);
    await killed.catch(() => undefined);
    store.beforeWrite = () => undefined;

    const service = testService(store, { bundled });
    const { interrupted, sets } = await service.dataSets();
    const journalsBefore = interrupted.length;
    const result = await service.importDataSet(source, silent);
    expect(result.summary).toMatchObject({ images: 17 });
    expect(await store.journals()).toEqual([]);
    expect((await service.dataSets()).sets).toHaveLength(2);
    // The picture that no list names is deleted.
    expect(store.pictureCount()).toBe(17);
    for (let i = 0; i < 17; i += 1) {
      expect((await service.picture(result.summary.id, `${i}`))[60]).toBe(i);
    }
    expect(journalsBefore + sets.length).toBeLessThanOrEqual(2);
  },
);

test('resuming writes no picture a second time that the journal knows', async () => {
  const source = await givenTar(vocPictures(18, LARGE));
  const store = testStore();
  let batches = 0;
  store.beforeWrite = (write) => {
    if (write === 'writePictures') batches += 1;
    if (batches === 2) throw new Error('killed');
  };
  await testService(store, { bundled })
    .importDataSet(source, silent)
    .catch(() => undefined);
  store.beforeWrite = () => undefined;
  const service = testService(store, { bundled });
  const [interrupted] = (await service.dataSets()).interrupted;
  expect(interrupted).toMatchObject({ name: 'set.tar', picturesStored: 8, startedAtMs: 1000 });
  expect(interrupted?.bytesStored).toBe(8 * LARGE_BYTES);
  const result = await service.importDataSet(source, silent);
  expect(result.resumedPictures).toBe(8);
  expect(new Set(store.writtenPaths).size).toBe(store.writtenPaths.length);
  expect(store.writtenPaths).toHaveLength(18);
});

test('cancelled, whole batches stay, and can be discarded', async () => {
  const source = await givenTar(vocPictures(18, LARGE));
  const store = testStore();
  const service = testService(store, { bundled });
  store.beforeWrite = (write) => {
    if (write === 'writeJournalPictures') void service.cancelImport();
  };
  const running = service.importDataSet(source, silent);
  await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  const [interrupted] = (await service.dataSets()).interrupted;
  expect(interrupted?.picturesStored).toBe(8);
  expect(await service.discardImport(interrupted?.id ?? '')).toEqual({ freedBytes: interrupted?.bytesStored });
  expect(store.pictureCount()).toBe(0);
  expect((await service.dataSets()).interrupted).toEqual([]);
});

test('a full store: the batch is rolled back, what is missing is said, and with room it goes on', async () => {
  const source = await givenTar(vocPictures(18, LARGE));
  const store = testStore();
  store.capacity = 6e6;
  const service = testService(store, { bundled });
  const error = await service.importDataSet(source, silent).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StudioError);
  if (!(error instanceof StudioError)) return;
  expect(error.code).toBe('storage');
  expect(error.message).toMatch(/needs about \d\.\d MB more, and 2\.2 MB are free.*8 pictures stay stored.*goes on/);
  expect(Number(error.details.neededBytes)).toBeGreaterThanOrEqual(8 * LARGE_BYTES);
  expect(error.details.freeBytes).toBe(6e6 - 8 * LARGE_BYTES);
  expect(store.pictureCount()).toBe(8);
  store.capacity = 20e6;
  expect(await service.importDataSet(source, silent)).toMatchObject({ resumedPictures: 8, summary: { images: 18 } });
});

test('an archive that is damaged leaves nothing, and other sets as they were', async () => {
  const store = testStore();
  const service = testService(store, { bundled });
  const { summary } = await service.importDataSet(await givenTar(vocPictures(3)), silent);
  const source = await givenTar(vocPictures(18, LARGE), 'cut.tar');
  if (source.kind !== 'files') return;
  const whole = new Uint8Array((await source.files[0]?.file.arrayBuffer()) ?? new ArrayBuffer());
  const cut: ImportSource = { ...source, files: [{ path: 'cut.tar', file: streamedFile(whole.slice(0, 6_000_000)) }] };
  await expect(service.importDataSet(cut, silent)).rejects.toMatchObject({
    code: 'bad-archive',
    message: expect.stringMatching(/cut\.tar is cut off inside the entry "JPEGImages\/\d+\.bmp", at byte 6000000/),
  });
  expect(await store.journals()).toEqual([]);
  expect(store.pictureCount()).toBe(3);
  expect((await service.dataSets()).sets.map(({ id }) => id)).toEqual(['emoji-scenes', summary.id]);
});

test('of two sets with one name the second gets a number', async () => {
  const service = testService(testStore(), { bundled });
  await service.importDataSet(await givenTar(vocPictures(3)), silent);
  const { summary } = await service.importDataSet(await givenTar(vocPictures(4)), silent);
  expect(summary.name).toBe('set.tar 2');
  expect((await service.dataSet(summary.id)).name).toBe('set.tar 2');
});

test('of an archive that is cut off the complete pictures are taken where that is wished, in a set that says so', async () => {
  const service = testService(testStore(), { bundled });
  const source = await givenTar(vocPictures(18, LARGE), 'cut.tar');
  if (source.kind !== 'files') return;
  const whole = new Uint8Array((await source.files[0]?.file.arrayBuffer()) ?? new ArrayBuffer());
  const files = [{ path: 'cut.tar', file: streamedFile(whole.slice(0, 6_000_000)) }];
  const { summary, problems } = await service.importDataSet({ ...source, files, takeCutOff: true }, silent);
  expect(summary).toMatchObject({ images: 12, name: expect.stringMatching(/ \(incomplete\)$/) });
  expect(problems[0]?.reason).toMatch(/cut off inside the entry .* complete pictures before that were taken/);
});

test('of two pictures of one path the last is taken, in a resumed import too', async () => {
  const files = [...vocPictures(2), ['JPEGImages/0.bmp', bitmap(8, 8, 77)] as const];
  const tar = await packTar(files.map(([name, body]) => ({ header: { name, size: body.byteLength }, body })));
  const source: ImportSource = {
    kind: 'files',
    name: 'twice.tar',
    files: [{ path: 'twice.tar', file: new Blob([tar]) }],
  };
  const store = testStore();
  store.beforeWrite = (write) => {
    if (write === 'writeSet' || write.startsWith('remove')) throw new Error('killed');
  };
  await testService(store, { bundled })
    .importDataSet(source, silent)
    .catch(() => undefined);
  store.beforeWrite = () => undefined;
  const service = testService(store, { bundled });
  const { summary, problems } = await service.importDataSet(source, silent);
  expect((await service.picture(summary.id, '0'))[60]).toBe(77);
  expect(problems).toContainEqual(
    expect.objectContaining({ file: 'JPEGImages/0.bmp', reason: expect.stringContaining('twice') }),
  );
});

test('shards are one set; a folder with an archive in it is a folder', async () => {
  const files = [...vocPictures(6)];
  const parts = [0, 1].map((part) => new Map(files.filter((_, i) => i < 6 === (part === 0))));
  const shards = await Promise.all(parts.map((part, i) => givenTar(part, `shard-0000${i}.tar`)));
  const given = shards.flatMap((shard) => (shard.kind === 'files' ? shard.files : []));
  const service = testService(testStore(), { bundled });
  const sharded = await service.importDataSet(
    { kind: 'files', name: 'shards', files: [...given, { path: 'index.json', file: new Blob(['{}']) }] },
    silent,
  );
  expect(sharded.summary).toMatchObject({ name: 'shards', images: 6 });
  const folder = files.map(([path, bytes]) => ({ path: `f/${path}`, file: new Blob([bytes]) }));
  const again = await service.importDataSet(
    { kind: 'files', name: 'f', files: [...folder, { path: 'f/backup.zip', file: new Blob(['x']) }] },
    silent,
  );
  expect(again.alreadyThere).toBe(true);
});

test('an archive at an address is imported; one that breaks off can go on', async () => {
  const source = await givenTar(vocPictures(18, LARGE), 'far.tar');
  const file = source.kind === 'files' ? (source.files[0]?.file ?? new Blob()) : new Blob();
  let breakAt = 7e6;
  const fetchArchive = async () => {
    let seen = 0;
    const stream = file.stream().pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform(chunk, controller) {
          seen += chunk.byteLength;
          if (seen > breakAt) throw new StudioError('network', 'far.tar broke off.');
          controller.enqueue(chunk);
        },
      }),
    );
    return { name: 'far.tar', byteLength: file.size, stream };
  };
  const service = testService(testStore(), { bundled, fetchArchive });
  const address: ImportSource = { kind: 'address', url: 'https://example.org/far.tar' };
  await expect(service.importDataSet(address, silent)).rejects.toMatchObject({
    code: 'network',
    message: 'far.tar broke off.',
  });
  breakAt = Number.POSITIVE_INFINITY;
  expect(await service.importDataSet(address, silent)).toMatchObject({ resumedPictures: 8, summary: { images: 18 } });
});

test('one picture is a set, and it is said that there is nothing to measure on', async () => {
  const { summary, problems } = await testService(testStore(), { bundled }).importDataSet(
    await givenTar(vocPictures(1)),
    silent,
  );
  expect(summary.splits).toEqual({ train: 1, val: 0 });
  expect(problems.map(({ reason }) => reason).join()).toMatch(/1 picture for train and 0 for val were drawn/);
});

test('deleting frees the bytes; the sample, and a set that is trained on, stay', async () => {
  const store = testStore();
  let run: string | null = 'night run';
  const service = testService(store, { bundled, runOn: async () => run });
  const { summary } = await service.importDataSet(await givenTar(vocPictures(3)), silent);
  await expect(service.removeDataSet('emoji-scenes')).rejects.toMatchObject({ code: 'usage' });
  await expect(service.removeDataSet(summary.id)).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('"night run"'),
  });
  run = null;
  await service.dataSet(summary.id);
  expect(await service.removeDataSet(summary.id)).toEqual({ freedBytes: summary.bytes });
  expect(store.pictureCount()).toBe(0);
  await expect(service.dataSet(summary.id)).rejects.toMatchObject({ code: 'not-found' });
});

test('deleting a set frees its features too, and kept features can be deleted alone, but not while a run trains', async () => {
  const bytesOf = new Map<string, number>();
  const features = {
    bytes: async (id?: string) =>
      id === undefined ? [...bytesOf.values()].reduce((sum, bytes) => sum + bytes, 0) : (bytesOf.get(id) ?? 0),
    remove: async (id?: string) => {
      if (id === undefined) bytesOf.clear();
      else bytesOf.delete(id);
    },
  };
  let training = true;
  const service = testService(testStore(), { bundled, features, isTraining: async () => training });
  const { summary } = await service.importDataSet(await givenTar(vocPictures(3)), silent);
  bytesOf.set(summary.id, 1000).set('emoji-scenes', 500);
  expect((await service.dataSets()).featureBytes).toBe(1500);
  expect(await service.removeDataSet(summary.id)).toEqual({ freedBytes: summary.bytes + 1000 });
  await expect(service.removeFeatures()).rejects.toMatchObject({ code: 'usage' });
  training = false;
  expect(await service.removeFeatures()).toEqual({ freedBytes: 500 });
  expect((await service.dataSets()).featureBytes).toBe(0);
});

test('pictures that neither a set nor an import has are swept', async () => {
  const store = testStore();
  await store.writePictures('orphan', [{ path: 'a', bytes: bitmap(2, 2) }]);
  const service = testService(store, { bundled });
  const { summary } = await service.importDataSet(await givenTar(vocPictures(2, 9)), silent);
  expect(await store.idsOfPictures()).toEqual([summary.id]);
});
