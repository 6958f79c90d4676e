import { expect, test } from 'vitest';
import { StudioError } from '../base/errors.ts';
import type { DataApi, DataSetSummary, ImportProgress, ImportResult } from '../rpc/protocol.ts';
import { chosenSet, createLibraryStore, newOffers } from './library.ts';
import type { SpaceKeeper } from './space.ts';

const summary = (id: string): DataSetSummary => ({
  id,
  name: id,
  bundled: id === 'sample',
  images: 1,
  boxes: 1,
  classes: ['cat'],
  splits: { train: 1 },
  problems: 0,
  bytes: 10,
  hash: id,
  importedAtMs: null,
});
const result = (id: string): ImportResult => ({
  summary: summary(id),
  alreadyThere: false,
  resumedPictures: 0,
  problems: [],
});
const roomy: SpaceKeeper = {
  report: async () => ({ usedBytes: 0, freeBytes: 100, persisted: false }),
  persist: async () => true,
};
const files = [{ path: 'a.tar', file: new Blob([new Uint8Array(50)]) }];
const never = () => Promise.reject(new Error('not asked for'));

function library(part: Partial<DataApi>, keeper = roomy) {
  const ids = ['sample'];
  return createLibraryStore(
    {
      dataSets: async () => ({ sets: ids.map(summary), interrupted: [], featureBytes: 0 }),
      importDataSet: async () => {
        ids.push('a');
        return result('a');
      },
      offeredSets: async () => [],
      arrivingSet: async () => null,
      keepArrived: never,
      cancelImport: async () => {},
      discardImport: never,
      dataSet: never,
      picture: never,
      pictureViews: never,
      addPictures: never,
      copyDataSet: never,
      thumbnail: never,
      firstViews: never,
      removeDataSet: async (id) => {
        ids.splice(ids.indexOf(id), 1);
        return { freedBytes: 10 };
      },
      removeFeatures: never,
      exportDataSet: never,
      ...part,
    },
    keeper,
  );
}

test('an imported set is listed and chosen, and it was said what it takes and that it is kept', async () => {
  const store = library({});
  await store.getState().importFiles('a', files);
  const { importing, lastImport, plan } = store.getState();
  expect([importing, lastImport?.summary.id, chosenSet(store.getState())?.id]).toEqual([null, 'a', 'a']);
  expect(plan).toEqual({ neededBytes: 50, atLeast: false, freeBytes: 100, persisted: true });
});

test('kept features are told, and deleted alone', async () => {
  let featureBytes = 2000;
  const store = library({
    dataSets: async () => ({ sets: [summary('sample')], interrupted: [], featureBytes }),
    removeFeatures: async () => {
      featureBytes = 0;
      return { freedBytes: 2000 };
    },
  });
  await store.getState().refresh();
  expect(store.getState().featureBytes).toBe(2000);
  await store.getState().removeFeatures();
  const { featureBytes: left, lastRemoval, sets } = store.getState();
  expect([left, lastRemoval, sets?.length]).toEqual([0, { name: null, freedBytes: 2000 }, 1]);
});

test('an import that cannot fit is never begun', async () => {
  let begun = false;
  const full: SpaceKeeper = { ...roomy, report: async () => ({ usedBytes: 0, freeBytes: 20, persisted: true }) };
  const store = library(
    {
      importDataSet: async () => {
        begun = true;
        return result('a');
      },
    },
    full,
  );
  await store.getState().importFiles('a', files);
  expect(begun).toBe(false);
  expect(store.getState().importError?.error.code).toBe('storage');
  expect(store.getState().importing).toBeNull();
});

test('a failed import keeps its files for another try, a cancelled one is no error', async () => {
  const answers = [
    () => Promise.reject(new StudioError('bad-archive', 'It ends in the middle.')),
    () => Promise.reject(new StudioError('cancelled', 'Stopped on request.')),
    async () => result('a'),
  ];
  const store = library({ importDataSet: () => (answers.shift() ?? never)() });
  await store.getState().importFiles('a', files);
  expect(store.getState().importError).toMatchObject({ name: 'a', canRetry: true });
  await store.getState().retryImport();
  expect(store.getState()).toMatchObject({ importError: null, lastSourceName: 'a' });
  await store.getState().retryImport();
  expect(store.getState()).toMatchObject({ importError: null, lastSourceName: null });
  expect(store.getState().lastImport?.summary.id).toBe('a');
});

test('a second import says that one goes on, and leaves it alone', async () => {
  let finish: (value: ImportResult) => void = () => {};
  let tell: (progress: ImportProgress) => void = () => {};
  const store = library({
    importDataSet: (_, onProgress) => {
      tell = onProgress;
      return new Promise((resolve) => {
        finish = resolve;
      });
    },
  });
  const first = store.getState().importFiles('a', files);
  await new Promise((resolve) => setTimeout(resolve));
  const progress = { ...(store.getState().importing as ImportProgress), picturesDone: 7 };
  tell(progress);
  await store.getState().importFiles('b', files);
  expect(store.getState().importError?.error.message).toContain('"a" is being imported');
  expect(store.getState().importing).toBe(progress);
  finish(result('a'));
  await first;
  tell(progress);
  expect(store.getState().importing).toBeNull();
});

test('a deleted set is gone with its index, and the space it freed is told', async () => {
  const store = library({
    dataSet: async (id) => ({ ...summary(id), samples: [], splits: {}, problems: [] }),
  });
  await store.getState().importFiles('a', files);
  await store.getState().openIndex('a');
  await store.getState().remove('a');
  expect(store.getState()).toMatchObject({ lastRemoval: { name: 'a', freedBytes: 10 }, indexes: {}, lastImport: null });
  expect(chosenSet(store.getState())?.id).toBe('sample');
});

test('a set that may not be deleted stays, and says why', async () => {
  const store = library({ removeDataSet: () => Promise.reject(new StudioError('usage', 'A run trains on it.')) });
  await store.getState().refresh();
  await store.getState().remove('sample');
  expect(store.getState().removeError).toMatchObject({ id: 'sample', error: { message: 'A run trains on it.' } });
  expect(store.getState().sets).toHaveLength(1);
});

test('an index is asked for once at a time, and again after a failure', async () => {
  let asked = 0;
  const store = library({
    dataSet: async (id) => {
      asked += 1;
      if (asked === 1) throw new StudioError('storage', 'It cannot be read.');
      return { ...summary(id), samples: [], splits: {}, problems: [] };
    },
  });
  await Promise.all([store.getState().openIndex('a'), store.getState().openIndex('a')]);
  expect(asked).toBe(1);
  expect(store.getState().indexErrors.a?.message).toBe('It cannot be read.');
  await store.getState().openIndex('a');
  expect(store.getState()).toMatchObject({ indexErrors: {}, indexes: { a: { id: 'a' } } });
});

test('an import that is cancelled before the worker knows of it is never begun', async () => {
  let begun = false;
  const store = library({
    importDataSet: async () => {
      begun = true;
      return result('a');
    },
  });
  const importing = store.getState().importFiles('a', files);
  await store.getState().cancelImport();
  await importing;
  expect(begun).toBe(false);
  expect(store.getState()).toMatchObject({ importing: null, importError: null, lastImport: null });
});

test('of two lists the one that was asked for later stands, whichever comes first', async () => {
  const answers: ((ids: readonly string[]) => void)[] = [];
  const store = library({
    dataSets: () =>
      new Promise((resolve) => {
        answers.push((ids) => resolve({ sets: ids.map(summary), interrupted: [], featureBytes: 0 }));
      }),
  });
  const both = [store.getState().refresh(), store.getState().refresh()];
  answers[1]?.(['sample', 'a']);
  answers[0]?.(['sample']);
  await Promise.all(both);
  expect(store.getState().sets?.map(({ id }) => id)).toEqual(['sample', 'a']);
});

test('an index that is open follows the set when it was changed, here or in another tab; the others are left', async () => {
  let revision = 0;
  const asked: string[] = [];
  const store = library({
    dataSets: async () => ({ sets: [{ ...summary('a'), revision }, summary('b')], interrupted: [], featureBytes: 0 }),
    dataSet: async (id) => {
      asked.push(id);
      return { ...summary(id), samples: [], splits: {}, problems: [] };
    },
  });
  await store.getState().refresh();
  await store.getState().openIndex('a');
  await store.getState().openIndex('b');
  await store.getState().refresh();
  expect(asked).toEqual(['a', 'b']);
  revision = 1;
  await store.getState().refresh();
  expect(asked).toEqual(['a', 'b', 'a']);
});

test('what the site offers is told until it is here or begun, and its size is asked for before it is fetched', async () => {
  const offer = (name: string) => ({
    name,
    url: `http://localhost/processed/${name}/index.json`,
    images: 5,
    boxes: 9,
    bytes: 60,
    hash: name,
  });
  const broken = {
    id: 'i',
    name: 'b',
    address: offer('b').url,
    picturesStored: 1,
    bytesStored: 20,
    startedAtMs: 0,
  };
  const store = library({
    offeredSets: async () => [offer('sample'), offer('b'), offer('c')],
    dataSets: async () => ({ sets: [summary('sample')], interrupted: [broken], featureBytes: 0 }),
  });
  await store.getState().refresh();
  await Promise.resolve();
  expect(newOffers(store.getState()).map(({ name }) => name)).toEqual(['c']);
  await store.getState().importFrom({ kind: 'address', url: broken.address });
  expect(store.getState().plan).toMatchObject({ neededBytes: 40, freeBytes: 100 });
  const none = library({ offeredSets: () => Promise.reject(new StudioError('bad-data-set', 'No list.')) });
  await none.getState().refresh();
  expect(none.getState()).toMatchObject({ offered: [], error: null });
});

test('a set that arrives can be looked at and kept; once it is here it is read anew', async () => {
  let finish: (value: ImportResult) => void = () => {};
  let images = 2;
  const indexOf = (count: number) => ({
    ...summary('a'),
    samples: Array.from({ length: count }, (_, i) => ({
      id: `${i}`,
      imagePath: `${i}`,
      size: { h: 1, w: 1 },
      objects: [],
      labelled: true,
    })),
    splits: {},
    problems: [],
  });
  const ids = ['sample'];
  const store = library({
    dataSets: async () => ({ sets: ids.map(summary), interrupted: [], featureBytes: 0 }),
    dataSet: async () => indexOf(5),
    arrivingSet: async () => ({ summary: { ...summary('a'), images, canBeKept: true }, index: indexOf(images) }),
    keepArrived: async () => {
      ids.push('part');
      return summary('part');
    },
    importDataSet: (_, onProgress) => {
      onProgress({ ...(store.getState().importing as ImportProgress), picturesDone: 2 });
      return new Promise((resolve) => {
        finish = resolve;
      });
    },
  });
  const importing = store.getState().importFrom({ kind: 'address', url: 'https://example.org/a/' });
  await new Promise((resolve) => setTimeout(resolve, 20));
  store.getState().choose('a');
  expect(chosenSet(store.getState())).toMatchObject({ id: 'a', images: 2 });
  expect(store.getState().indexes.a?.samples).toHaveLength(2);
  expect(await store.getState().keepArrived()).toBe('part');
  expect(store.getState().sets?.map(({ id }) => id)).toEqual(['sample', 'part']);
  ids.push('a');
  images = 5;
  finish(result('a'));
  await importing;
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(store.getState()).toMatchObject({ arriving: null, chosenId: 'a' });
  expect(store.getState().indexes.a?.samples).toHaveLength(5);
});
