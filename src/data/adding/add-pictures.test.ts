import { expect, test } from 'vitest';
import { asyncRefusalOf } from '../../base/test-refusal.ts';
import { createLibrary } from '../library.ts';
import { testStore } from '../test-data-set-store.ts';
import { bitmap, givenTar, testService, vocPictures } from '../test-import.ts';
import type { GivenFile } from '../types.ts';
import { createSetVersions } from '../versions/set-versions.ts';

const given = (pictures: Readonly<Record<string, Uint8Array<ArrayBuffer>>>): GivenFile[] =>
  Object.entries(pictures).map(([path, bytes]) => ({ path, file: new Blob([bytes]) }));
const shades = (...names: string[]) => given(Object.fromEntries(names.map((name, i) => [name, bitmap(8, 6, i + 1)])));
const nothing = () => undefined;

/** A service over an empty store, beside an empty sample set. */
function withSample() {
  const store = testStore();
  const bundled = async () => ({
    name: 'sample',
    classes: [],
    samples: [],
    splits: {},
    problems: [],
    hash: 'sample',
    imageBytes: () => Promise.reject(new Error('none')),
  });
  const library = createLibrary(store, bundled);
  const versions = createSetVersions({
    store,
    library,
    clock: () => 1,
    holdEditing: async () => nothing,
    runOn: async () => null,
  });
  return { store, service: testService(store, { bundled }), library, versions };
}

test('pictures alone become a set: unlabelled, without classes, in the order of their numbers', async () => {
  const { store, service, library } = withSample();
  const files = shades('holiday/p10.bmp', 'holiday/p9.bmp', 'holiday/sub/p9.png');
  const made = await service.addPictures({ files, into: null, name: 'holiday' }, nothing);
  expect(made).toMatchObject({ added: 3, alreadyThere: 0, problems: [] });
  expect(made.summary).toMatchObject({ name: 'holiday', images: 3, boxes: 0, classes: [], splits: {} });
  const { samples } = await library.index(made.summary.id);
  // The name lies: what is in it is a bitmap.
  expect(samples.map(({ id, imagePath }) => [id, imagePath])).toEqual([
    ['p9', 'p9.bmp'],
    ['p10', 'p10.bmp'],
    ['p9-2', 'p9-2.bmp'],
  ]);
  expect(samples.every(({ labelled, objects }) => !labelled && objects.length === 0)).toBe(true);
  expect(samples[0]?.size).toEqual({ h: 6, w: 8 });
  expect(await store.journals()).toEqual([]);
  const again = await service.addPictures({ files, into: null, name: 'other' }, nothing);
  expect(again).toMatchObject({ added: 0, alreadyThere: 3, summary: { id: made.summary.id } });
  expect(store.pictureCount()).toBe(3);
});

test('pictures join a set as a version; one that is in it already is not added twice', async () => {
  const { service, library, versions, store } = withSample();
  const { summary } = await service.importDataSet(await givenTar(vocPictures(4)), nothing);
  const one = (await library.index(summary.id)).samples[1];
  if (one === undefined) throw new Error('no sample');
  await versions.editSamples(summary.id, [{ ...one, objects: [] }]);
  const same = { path: 'copy.bmp', file: new Blob([vocPictures(4).get('JPEGImages/2.bmp') ?? new Uint8Array()]) };
  const fresh = given({ '2.bmp': bitmap(9, 9, 7), 'again.bmp': bitmap(9, 9, 7) });
  const joined = await service.addPictures({ files: [same, ...fresh], into: summary.id, name: '' }, nothing);
  expect(joined).toMatchObject({ added: 1, alreadyThere: 2 });
  expect(joined.summary).toMatchObject({ images: 5, bytes: summary.bytes + bitmap(9, 9).byteLength, version: 3 });
  const { versions: history } = await versions.setHistory(summary.id);
  expect(history.map(({ what }) => what)).toEqual(['1 picture added', 'Labels edited', 'Imported']);
  const opened = await library.open(summary.id);
  expect(opened.samples.at(-1)).toMatchObject({ id: '2-2', labelled: false });
  expect(await opened.imageBytes('2-2')).toEqual(bitmap(9, 9, 7));
  // Gone back, the set lacks it; its bytes may come again.
  await versions.restoreVersion(summary.id, 2);
  const back = await service.addPictures({ files: fresh, into: summary.id, name: '' }, nothing);
  expect(back.added).toBe(1);
  const none = await service.addPictures({ files: fresh, into: summary.id, name: '' }, nothing);
  expect(none).toMatchObject({ added: 0, alreadyThere: 2 });
  expect((await versions.setHistory(summary.id)).versions).toHaveLength(5);
  expect(store.writtenPaths.filter((path) => path.startsWith('2-'))).toEqual(['2-2.bmp', '2-3.bmp']);
});

test('what cannot be read is told, and where nothing can, nothing is kept', async () => {
  const { store, service } = withSample();
  const cut = bitmap(40, 40).slice(0, 200);
  const large = bitmap(1, 1);
  new DataView(large.buffer).setInt32(18, 20_000, true);
  new DataView(large.buffer).setInt32(22, 20_000, true);
  const bad = { 'cut.bmp': cut, 'empty.png': new Uint8Array(), 'large.bmp': large };
  const some = { files: given({ ...bad, 'good.bmp': bitmap(5, 5) }), into: null, name: 'some' };
  const made = await service.addPictures(some, nothing);
  expect(made.added).toBe(1);
  expect(made.problems.map(({ file }) => file)).toEqual(['cut.bmp', 'empty.png', 'large.bmp']);
  expect(made.problems[2]?.reason).toContain('20000 x 20000');
  expect(made.summary.problems).toBe(3);
  for (const into of [null, made.summary.id]) {
    const refused = await asyncRefusalOf(service.addPictures({ files: given(bad), into, name: 'none' }, nothing));
    expect(refused).toMatchObject({ code: 'bad-data-set' });
    expect(refused.message).toMatch(/^None of the 3 files .* cut\.bmp: /);
    const empty = await asyncRefusalOf(service.addPictures({ files: [], into, name: 'none' }, nothing));
    expect(empty.message).toContain('no picture');
  }
  expect(await store.summaries()).toHaveLength(1);
  expect(store.pictureCount()).toBe(1);
});

test('where the space ends, or the set cannot be edited, all is as it was', async () => {
  const { store, service, library } = withSample();
  const { summary } = await service.importDataSet(await givenTar(vocPictures(4)), nothing);
  const before = await library.index(summary.id);
  store.capacity = 4 * bitmap(8, 8).byteLength + 10;
  for (const into of [null, summary.id]) {
    const full = await asyncRefusalOf(
      service.addPictures({ files: shades('x.bmp', 'y.bmp'), into, name: 'x' }, nothing),
    );
    expect(full.code).toBe('storage');
  }
  store.capacity = Number.POSITIVE_INFINITY;
  store.beforeWrite = (name) => {
    if (name === 'writeVersions' || name === 'writeSet') throw new Error('disk');
  };
  for (const into of [null, summary.id]) {
    await expect(service.addPictures({ files: shades('x.bmp'), into, name: 'x' }, nothing)).rejects.toThrow('disk');
  }
  store.beforeWrite = nothing;
  const gone = await asyncRefusalOf(service.addPictures({ files: shades('x.bmp'), into: 'gone', name: 'x' }, nothing));
  expect(gone.code).toBe('not-found');
  expect(store.pictureCount()).toBe(4);
  expect(await store.journals()).toEqual([]);
  expect(await library.index(summary.id)).toEqual(before);
});

test('it can be cancelled, and nothing stays', async () => {
  const { store, service } = withSample();
  const files = shades('x.bmp', 'y.bmp', 'z.bmp');
  const adding = service.addPictures({ files, into: null, name: 'x' }, () => void service.cancelImport());
  expect((await asyncRefusalOf(adding)).code).toBe('cancelled');
  expect(store.pictureCount()).toBe(0);
  expect(await store.journals()).toEqual([]);
});
