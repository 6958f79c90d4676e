import { expect, test } from 'vitest';
import { asyncRefusalOf } from '../../base/test-refusal.ts';
import { createLibrary } from '../library.ts';
import { readDataSet } from '../read-data-set.ts';
import { readTarTree } from '../tar-tree.ts';
import { testStore } from '../test-data-set-store.ts';
import { bitmap, givenTar, testService, vocPictures } from '../test-import.ts';
import type { AnnotatedObject, DataSet, Sample } from '../types.ts';
import { readVocDataSet } from '../voc-data-set.ts';
import type { HoldEditing } from './editing-right.ts';
import { createSetVersions } from './set-versions.ts';

const bundled = async (): Promise<DataSet> => {
  const files = new Map(
    [...vocPictures(2)].map(([path, bytes]) => [path, { byteLength: bytes.byteLength, read: async () => bytes }]),
  );
  return readVocDataSet({ name: 'bundled', files, problems: [] }, { seed: 9 });
};

/** A set of ten pictures of 8 x 8 px in a store, with the versions of it. */
async function tenPictures({
  holdEditing = async () => () => undefined,
  run = null,
}: {
  readonly holdEditing?: HoldEditing;
  readonly run?: string | null;
} = {}) {
  const store = testStore();
  const { summary } = await testService(store, { bundled }).importDataSet(
    await givenTar(vocPictures(10)),
    () => undefined,
  );
  const library = createLibrary(store, bundled);
  let now = 0;
  const clock = () => ++now;
  const versions = createSetVersions({ store, library, clock, holdEditing, runOn: async () => run });
  const sample = async (id: string): Promise<Sample> => {
    const found = (await library.index(summary.id)).samples.find((other) => other.id === id);
    if (found === undefined) throw new Error(`no ${id}`);
    return found;
  };
  return { id: summary.id, imported: summary, store, library, versions, sample };
}

const box = (className: string, ...boxXyxyPx: [number, number, number, number]): AnnotatedObject => ({
  className,
  boxXyxyPx,
  difficult: false,
  truncated: false,
});

test('an edit is there at once, in the index, the summary and another tab; the last version stays what it was', async () => {
  const { id, imported, store, library, versions, sample } = await tenPictures();
  const elsewhere = createLibrary(store, bundled);
  await elsewhere.index(id);
  await versions.editSamples(id, [
    { ...(await sample('3')), objects: [box('odd', 0, 0, 5, 5), box('even', 0, 0, 2, 2)] },
  ]);
  await versions.editSamples(id, [{ ...(await sample('4')), objects: [] }]);
  for (const tab of [library, elsewhere]) {
    const { samples } = await tab.index(id);
    expect(
      samples.filter((other) => other.id === '3' || other.id === '4').map(({ objects }) => objects.length),
    ).toEqual([2, 0]);
    expect(samples).toHaveLength(10);
  }
  const [summary] = await store.summaries();
  expect(summary).toMatchObject({ boxes: 10, edited: 2, hash: imported.hash });
  expect((await versions.setHistory(id)).open).toMatchObject({ boxes: { added: 1, removed: 1, changed: 1 } });
});

test('what is opened for training has the hash of what it holds, edited or not', async () => {
  const { id, imported, library, versions, sample } = await tenPictures();
  const before = await sample('3');
  expect((await library.open(id)).hash).toBe(imported.hash);
  await versions.editSamples(id, [{ ...before, objects: [box('odd', 1, 1, 5, 5)] }]);
  const edited = await library.open(id);
  expect(edited.hash).not.toBe(imported.hash);
  const sealed = await versions.sealVersion(id);
  expect(sealed).toEqual({ number: 2, hash: edited.hash });
  // Back to the same boxes: the same content has the same hash.
  await versions.editSamples(id, [before]);
  expect((await library.open(id)).hash).toBe(imported.hash);
});

test('a version can be gone back to, and a run finds the one it was begun with', async () => {
  const { id, imported, library, versions, sample } = await tenPictures();
  await versions.editSamples(id, [{ ...(await sample('3')), objects: [box('wombat', 1, 1, 5, 5)] }]);
  const { hash: second } = await versions.sealVersion(id);
  await versions.changeSet(id, { removed: ['5', '6'] }, '2 pictures removed');
  expect((await library.index(id)).samples).toHaveLength(8);
  expect((await library.open(id, second)).samples).toHaveLength(10);
  expect((await library.open(id, second)).classes).toEqual(['even', 'odd', 'wombat']);
  expect((await library.open(id, imported.hash)).hash).toBe(imported.hash);
  const again = await versions.restoreVersion(id, 1);
  expect(again).toMatchObject({ number: 4, hash: imported.hash, images: 10, what: 'Back to version 1' });
  expect((await library.index(id)).classes).toEqual(['even', 'odd']);
  const undone = await versions.restoreVersion(id, 3);
  expect(undone).toMatchObject({ number: 5, images: 8 });
  const { versions: all } = await versions.setHistory(id);
  expect(all.map(({ number }) => number)).toEqual([5, 4, 3, 2, 1]);
  expect(all[0]?.hash).toBe(all[2]?.hash);
  // Its picture was kept all the while.
  expect((await (await library.open(id, imported.hash)).imageBytes('5')).byteLength).toBe(bitmap(8, 8).byteLength);
});

test('versions are named and compared, box by box', async () => {
  const { id, versions, sample } = await tenPictures();
  const three = await sample('3');
  await versions.editSamples(id, [
    { ...three, objects: [{ ...box('odd', 0, 0, 4, 4), truncated: true }, box('odd', 5, 5, 8, 8)] },
    { ...(await sample('4')), objects: [] },
  ]);
  await versions.sealVersion(id);
  await versions.nameVersion(id, 2, ' reviewed ');
  await versions.changeSet(id, { removed: ['7'] }, '1 picture removed');
  const { samples, ...sums } = await versions.compareVersions(id, 1, null);
  expect(sums).toEqual({
    picturesAdded: 0,
    picturesRemoved: 1,
    picturesMoved: 0,
    boxes: { added: 1, removed: 2, changed: 1 },
  });
  expect(samples).toEqual([
    { sampleId: '3', picture: 'kept', added: 1, removed: 0, changed: 1 },
    { sampleId: '4', picture: 'kept', added: 0, removed: 1, changed: 0 },
    { sampleId: '7', picture: 'removed', added: 0, removed: 1, changed: 0 },
  ]);
  expect((await versions.setHistory(id)).versions.map(({ name }) => name)).toEqual([null, 'reviewed', null]);
  await versions.nameVersion(id, 2, '');
  expect((await versions.setHistory(id)).versions[1]?.name).toBe(null);
});

test('splits follow: what is labelled first goes to train or val, what is labelled no more leaves', async () => {
  const { id, library, versions, sample } = await tenPictures();
  const before = (await library.index(id)).splits;
  const inTrain = before.train?.[0] ?? '';
  await versions.editSamples(id, [{ ...(await sample(inTrain)), objects: [], labelled: false }]);
  expect((await library.index(id)).splits.train).not.toContain(inTrain);
  await versions.editSamples(id, [{ ...(await sample(inTrain)), objects: [], labelled: true }]);
  const after = (await library.index(id)).splits;
  expect([...(after.train ?? []), ...(after.val ?? [])].sort()).toEqual(
    (await library.index(id)).samples.map((s) => s.id).sort(),
  );
});

test('a fresh set of twelve pictures that are labelled one by one gets two for val', async () => {
  const { id, library, versions, sample } = await tenPictures();
  const all = (await library.index(id)).samples;
  await versions.editSamples(
    id,
    all.map((one) => ({ ...one, objects: [], labelled: false })),
  );
  expect(Object.values((await library.index(id)).splits).flat()).toEqual([]);
  await versions.sealVersion(id);
  for (const { id: one, objects } of all)
    await versions.editSamples(id, [{ ...(await sample(one)), objects, labelled: true }]);
  const { train, val } = (await library.index(id)).splits;
  expect([train?.length, val?.length]).toEqual([8, 2]);
});

test('boxes never leave the picture, and a box that is none changes nothing', async () => {
  const { id, library, versions, sample } = await tenPictures();
  const three = await sample('3');
  await versions.editSamples(id, [{ ...three, size: { h: 99, w: 99 }, objects: [box('odd', -3, 2, 20, 6)] }]);
  expect(await sample('3')).toMatchObject({ size: { h: 8, w: 8 }, objects: [{ boxXyxyPx: [0, 2, 8, 6] }] });
  const kept = await library.index(id);
  for (const bad of [
    box('odd', 9, 9, 12, 12),
    box('odd', 4, 4, 4, 7),
    box(' ', 1, 1, 2, 2),
    box('odd', Number.NaN, 1, 2, 2),
  ]) {
    const refused = await asyncRefusalOf(versions.editSamples(id, [{ ...three, objects: [bad] }]));
    expect(refused).toMatchObject({ code: 'usage' });
  }
  expect(await asyncRefusalOf(versions.editSamples(id, [{ ...three, id: 'nobody' }]))).toMatchObject({ code: 'usage' });
  expect(await library.index(id)).toEqual(kept);
});

test('what came with the studio, and what another tab edits, is not edited here', async () => {
  const { versions } = await tenPictures();
  const refused = await asyncRefusalOf(versions.changeSet('emoji-scenes', { removed: ['0'] }, 'x'));
  expect(refused.message).toContain('Copy it');
  const { id, versions: second, sample, library } = await tenPictures({ holdEditing: async () => null });
  expect(await second.beginEditing(id)).toBe(false);
  const before = await library.index(id);
  const elsewhere = await asyncRefusalOf(second.editSamples(id, [{ ...(await sample('3')), objects: [] }]));
  expect(elsewhere).toMatchObject({ code: 'usage' });
  expect(elsewhere.message).toContain('Another tab');
  const whole = await asyncRefusalOf(second.changeSet(id, { removed: ['3'] }, '1 picture removed'));
  expect(whole.message).toContain('Another tab');
  expect(await library.index(id)).toEqual(before);
});

test('forgetting versions deletes the pictures that only they had, and nothing while a run is going on', async () => {
  const { id, store, library, versions } = await tenPictures();
  await versions.changeSet(id, { removed: ['5', '6'] }, '2 pictures removed');
  const { freedBytes } = await versions.forgetVersions(id);
  expect(freedBytes).toBe(2 * bitmap(8, 8).byteLength);
  expect(store.pictureCount()).toBe(8);
  expect((await versions.setHistory(id)).versions.map(({ number }) => number)).toEqual([2]);
  expect((await library.open(id)).samples).toHaveLength(8);
  const busy = await tenPictures({ run: 'first run' });
  await busy.versions.changeSet(busy.id, { removed: ['5'] }, '1 picture removed');
  expect((await asyncRefusalOf(busy.versions.forgetVersions(busy.id))).message).toContain('first run');
  expect(busy.store.pictureCount()).toBe(10);
});

test('a write that fails leaves the set as it was', async () => {
  const { id, store, library, versions, sample } = await tenPictures();
  await versions.editSamples(id, [{ ...(await sample('3')), objects: [] }]);
  const before = await library.index(id);
  store.beforeWrite = (name) => {
    if (name === 'writeVersions' || name === 'writeEdits') throw new Error('disk');
  };
  await expect(versions.sealVersion(id)).rejects.toThrow('disk');
  await expect(versions.editSamples(id, [{ ...(await sample('4')), objects: [] }])).rejects.toThrow('disk');
  expect(await library.index(id)).toEqual(before);
  store.beforeWrite = () => undefined;
  expect((await versions.sealVersion(id)).number).toBe(2);
});

test('an export has what was edited since the last version, in each form', async () => {
  const { id, store, library, versions, sample } = await tenPictures();
  await versions.editSamples(id, [{ ...(await sample('3')), objects: [box('wombat', 1, 2, 6, 8)] }]);
  const service = testService(store, { bundled });
  for (const form of ['voc', 'coco', 'yolo'] as const) {
    const { blob } = await service.exportDataSet(id, form);
    const again = await readDataSet(await readTarTree(new Uint8Array(await blob.arrayBuffer()), 'again'));
    expect(again.samples).toHaveLength(10);
    expect(again.samples.find((other) => other.id === '3')?.objects).toEqual([box('wombat', 1, 2, 6, 8)]);
    expect(again.hash).toBe((await library.open(id)).hash);
  }
});
