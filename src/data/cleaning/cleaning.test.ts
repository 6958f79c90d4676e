import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { madeDuplicates } from '../../../bench/cleaning/duplicates.ts';
import { asyncRefusalOf, refusalOf } from '../../base/test-refusal.ts';
import { decodePixels } from '../../platform/node/decode.ts';
import { decodeWith } from '../decode.ts';
import { createLibrary } from '../library.ts';
import { readTarTree } from '../tar-tree.ts';
import { testStore } from '../test-data-set-store.ts';
import { bitmap, givenTar, testService, vocPictures } from '../test-import.ts';
import type { AnnotatedObject, DataSet, DataSetIndex, Sample } from '../types.ts';
import { createSetVersions } from '../versions/set-versions.ts';
import { readVocDataSet } from '../voc-data-set.ts';
import { boxFindings } from './box-findings.ts';
import { classFindings } from './class-findings.ts';
import { findDuplicates } from './duplicates.ts';
import { changeOf } from './fixes.ts';
import { alikePairs } from './near-duplicates.ts';
import { createCleaning } from './service.ts';
import { stratifiedSplit } from './stratified-split.ts';
import type { CheckProgress } from './types.ts';

const decode = decodeWith(decodePixels);

const box = (className: string, ...boxXyxyPx: [number, number, number, number]): AnnotatedObject => ({
  className,
  boxXyxyPx,
  difficult: false,
  truncated: false,
});

function sample(id: string, objects: readonly AnnotatedObject[], part: Partial<Sample> = {}): Sample {
  return { id, imagePath: `${id}.png`, size: { h: 100, w: 200 }, objects, labelled: true, ...part };
}

function indexOf(
  samples: readonly Sample[],
  splits: DataSetIndex['splits'],
  classes?: readonly string[],
): DataSetIndex {
  const names = new Set(samples.flatMap(({ objects }) => objects.map(({ className }) => className)));
  return { id: 's', name: 's', classes: classes ?? [...names], samples, splits, problems: [], hash: '' };
}

test('pictures that were resized, compressed, made lighter or cut a little are found again, and no others', async () => {
  const tar = new Uint8Array(readFileSync(new URL('../../../public/sample/emoji-scenes.tar', import.meta.url)));
  const set = await readVocDataSet(await readTarTree(tar, 'emoji-scenes.tar'));
  const pictures = await Promise.all(set.samples.slice(0, 24).map(({ id }) => set.imageBytes(id)));
  const { looks, made } = await madeDuplicates(pictures, decode);
  const found = alikePairs([...looks, ...made.map(({ look }) => look)]);
  const sourceOf = (place: number) => (place < looks.length ? place : made[place - looks.length]?.of);
  const wrong = found.filter(({ a, b }) => sourceOf(a) !== sourceOf(b));
  const againFound = made.filter((_, i) => found.some(({ a, b }) => b === looks.length + i && a === sourceOf(b)));
  expect(wrong).toEqual([]);
  expect(againFound).toHaveLength(made.length);
});

test('groups are joined over links, exact ones told by their bytes, and those between train and val come first', () => {
  const look = (...flipped: number[]) =>
    Array.from({ length: 64 }, (_, i) => (flipped.includes(i) ? '0' : (i % 2) * 7 + 1).toString(16)).join('');
  const far = Array.from({ length: 64 }, (_, i) => ((i * 7) % 16).toString(16)).join('');
  const samples = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => sample(id, []));
  const groups = findDuplicates(
    { samples, splits: { train: ['a', 'b', 'c', 'd'], val: ['e', 'f'] } },
    {
      sha256: new Map([
        ['a', '1'],
        ['b', '1'],
        ['c', '2'],
        ['d', '3'],
        ['e', '4'],
        ['f', '5'],
      ]),
      looks: new Map([
        ['a', look()],
        ['b', look()],
        ['c', far],
        ['d', look(1, 3)],
        ['e', `${far.slice(1)}f`],
        ['f', '0'.repeat(64)],
      ]),
    },
  );
  expect(groups.find(({ sampleIds }) => sampleIds.includes('a'))).toMatchObject({
    kind: 'near',
    sampleIds: ['a', 'b', 'd'],
    leaks: false,
  });
  const same = findDuplicates(
    { samples, splits: { train: ['a', 'f'], val: ['b', 'f'] } },
    {
      sha256: new Map([
        ['c', '1'],
        ['d', '1'],
        ['a', '2'],
        ['b', '2'],
      ]),
      looks: new Map(),
    },
  );
  expect(same).toEqual([
    { kind: 'exact', sampleIds: ['a', 'b'], distance: 0, leaks: true },
    { kind: 'exact', sampleIds: ['c', 'd'], distance: 0, leaks: false },
  ]);
});

test('boxes that are tiny, whole pictures, doubled or contradicting are named, and good ones are not', () => {
  const found = boxFindings(
    sample('p', [
      box('cat', 10, 10, 60, 60),
      box('cat', 10, 10, 60, 61),
      box('dog', 10, 11, 60, 60),
      box('cat', 80, 10, 82.5, 60),
      box('cat', 0, 0, 200, 100),
      box('cat', 30, 30, 90, 90),
      { ...box('cat', 10, 10, 60, 60), crowd: true },
    ]),
  );
  expect(found.map(({ kind, box: at, other }) => [kind, at, other])).toEqual([
    ['doubled', 1, 0],
    ['contradicting', 2, 0],
    ['tiny', 3, null],
    ['whole', 4, null],
  ]);
});

test('names that may be one class are told from those that are two', () => {
  const alike = (...classes: string[]) =>
    classFindings(indexOf([], { train: [], val: [] }, classes))
      .filter(({ kind }) => kind === 'alike')
      .map(({ classes: names }) => [...names].sort());
  expect(alike('Cat', 'cat', 'dog')).toEqual([['Cat', 'cat']]);
  expect(alike('tvmonitor', 'tv', 'traffic_light', 'traffic light')).toEqual([
    ['tv', 'tvmonitor'],
    ['traffic light', 'traffic_light'],
  ]);
  expect(alike('bicycle', 'bycicle', 'bicycles')).toHaveLength(1);
  expect(alike('cat', 'car', 'speed 30', 'speed 50', 'bus', 'boat', 'coat')).toEqual([]);
});

test('splits hold each class in its share, keep duplicates together, and are the same for the same seed', () => {
  const samples = Array.from({ length: 200 }, (_, i) => {
    const names = [i % 2 === 0 ? 'often' : 'seldom', ...(i % 20 === 0 ? ['rare'] : [])];
    return sample(`${i}`, i % 10 === 3 ? [] : names.map((name) => box(name, 1, 1, 9, 9)));
  });
  const together = [
    ['0', '20', '40'],
    ['7', '8', '9', '11'],
  ];
  const split = (seed: number) => stratifiedSplit(samples, together, { train: 0.7, val: 0.2, test: 0.1 }, seed);
  const parts = split(1);
  expect(split(1)).toEqual(parts);
  expect(split(2)).not.toEqual(parts);
  expect(Object.values(parts).flat().toSorted()).toEqual(samples.map(({ id }) => id).toSorted());
  const shareOf = (name: string, part: string) => {
    const holds = ({ objects }: Sample) =>
      name === '' ? objects.length === 0 : objects.some(({ className }) => className === name);
    const all = samples.filter(holds);
    return all.filter(({ id }) => parts[part]?.includes(id)).length / all.length;
  };
  for (const name of ['often', 'seldom', '']) {
    expect(shareOf(name, 'train')).toBeCloseTo(0.7, 1);
    expect(shareOf(name, 'val')).toBeCloseTo(0.2, 1);
  }
  // Ten pictures, three of them in one piece.
  expect(shareOf('rare', 'train')).toBeGreaterThanOrEqual(0.6);
  expect(shareOf('rare', 'val')).toBeGreaterThan(0);
  for (const group of together) {
    expect(Object.values(parts).filter((ids) => group.some((id) => ids.includes(id)))).toHaveLength(1);
  }
  expect(refusalOf(() => stratifiedSplit(samples, [], { train: 0, val: 0 }, 0)).code).toBe('usage');
  expect(refusalOf(() => stratifiedSplit(samples, [], { train: -1, val: 2 }, 0)).code).toBe('usage');
});

test('each fix changes what it says, and nothing else', () => {
  const samples = [
    sample('a', [box('Cat', 1, 1, 50, 50)], { size: { h: 10, w: 10 } }),
    sample('b', [box('cat', 1, 1, 50, 50), box('cat', 1, 1, 50, 50), box('cat', 1, 1, 2, 50)]),
    sample('c', [box('cat', 1, 1, 50, 50)]),
  ];
  const index = indexOf(samples, { train: ['a', 'c'], val: ['b'] }, ['Cat', 'cat', 'dog']);
  const group = { kind: 'near', sampleIds: ['a', 'b'], distance: 3, leaks: true } as const;
  expect(changeOf({ kind: 'remove-duplicates' }, index, [group])).toEqual({
    change: { removed: ['a'] },
    what: '1 duplicate removed',
  });
  expect(changeOf({ kind: 'end-leaks' }, index, [group])?.change).toEqual({
    splits: { train: ['a', 'c', 'b'], val: [] },
  });
  expect(
    changeOf({ kind: 'remove-doubled-boxes' }, index, [])?.change.samples?.map(({ objects }) => objects.length),
  ).toEqual([2]);
  expect(changeOf({ kind: 'remove-tiny-boxes' }, index, [])).toMatchObject({ what: '1 tiny box removed' });
  const merged = changeOf({ kind: 'merge-classes', from: ['Cat'], into: 'cat' }, index, []);
  expect(merged).toMatchObject({
    change: { classes: ['cat', 'dog'], samples: [{ id: 'a' }] },
    what: '"Cat" merged into "cat"',
  });
  const renamed = changeOf({ kind: 'merge-classes', from: ['cat'], into: 'lion' }, index, []);
  expect(renamed).toMatchObject({ change: { classes: ['Cat', 'lion', 'dog'] }, what: '"cat" renamed to "lion"' });
  expect(changeOf({ kind: 'remove-duplicates' }, index, [])).toBe(null);
  expect(refusalOf(() => changeOf({ kind: 'merge-classes', from: ['cow'], into: 'cat' }, index, [])).message).toContain(
    'cow',
  );
});

const bundled = async (): Promise<DataSet> => {
  const files = new Map(
    [...vocPictures(3)].map(([path, bytes]) => [path, { byteLength: bytes.byteLength, read: async () => bytes }]),
  );
  return readVocDataSet({ name: 'bundled', files, problems: [] }, { seed: 9 });
};

test('a set is checked, mended and put back; what was looked at is not decoded again', async () => {
  const store = testStore();
  const files = vocPictures(6);
  files.set('JPEGImages/5.bmp', bitmap(8, 8, 2)); // the same as the third
  const service = testService(store, { bundled });
  const { summary } = await service.importDataSet(await givenTar(files), () => undefined);
  const library = createLibrary(store, bundled);
  const hold = async () => () => undefined;
  const versions = createSetVersions({ store, library, clock: () => 1, holdEditing: hold, runOn: async () => null });
  let decoded = 0;
  let now = 0;
  const cleaning = createCleaning({
    store,
    library,
    now: () => now,
    changeSet: versions.changeSet,
    decode: (bytes) => {
      decoded += 1;
      // A picture takes half as long as one is told of.
      now += 50;
      return decode(bytes);
    },
  });
  const told: CheckProgress[] = [];
  const report = await cleaning.checkDataSet(summary.id, (progress) => told.push(progress));
  expect(report.duplicates).toMatchObject([{ kind: 'exact', sampleIds: ['2', '5'] }]);
  expect(report).toMatchObject({ pictures: 6, unseen: [], hash: summary.hash });
  expect(told.map(({ done }) => done)).toEqual([0, 2, 4]);
  expect(decoded).toBe(5);
  await cleaning.checkDataSet(summary.id, () => undefined);
  expect(decoded).toBe(5);
  const mended = await cleaning.applyFix(summary.id, { kind: 'remove-duplicates' });
  expect(mended).toMatchObject({ number: 2, images: 5, what: '1 duplicate removed' });
  expect((await cleaning.checkDataSet(summary.id, () => undefined)).duplicates).toEqual([]);
  expect(await cleaning.applyFix(summary.id, { kind: 'remove-duplicates' })).toBe(null);
  expect(await versions.restoreVersion(summary.id, 1)).toMatchObject({ images: 6, hash: summary.hash });
  const stopped = cleaning.checkDataSet(summary.id, () => void cleaning.cancelCheck());
  expect((await asyncRefusalOf(stopped)).code).toBe('cancelled');
});

test('the bundled set is copied, and the copy can be mended; a full disk keeps nothing of it', async () => {
  const store = testStore();
  const service = testService(store, { bundled });
  const copy = await service.copyDataSet('emoji-scenes');
  expect(copy).toMatchObject({ name: 'emoji-scenes copy', bundled: false, images: 3 });
  expect((await service.dataSet(copy.id)).hash).toBe((await service.dataSet('emoji-scenes')).hash);
  expect(await service.picture(copy.id, '1')).toEqual(await service.picture('emoji-scenes', '1'));
  expect((await service.copyDataSet(copy.id)).name).toBe('emoji-scenes copy copy');
  store.capacity = 0;
  const before = store.pictureCount();
  expect((await asyncRefusalOf(service.copyDataSet(copy.id))).code).toBe('storage');
  expect(store.pictureCount()).toBe(before);
  expect((await service.dataSets()).sets).toHaveLength(3);
});
