import { BUNDLED_SET_ID } from '../base/bundled.ts';
import { createLibrary } from '../data/library.ts';
import { type TestStore, testStore } from '../data/test-data-set-store.ts';
import { givenTar, testService, vocPictures } from '../data/test-import.ts';
import type { DataSet } from '../data/types.ts';
import { createSetVersions } from '../data/versions/set-versions.ts';
import { readVocDataSet } from '../data/voc-data-set.ts';
import { saveGeneration } from '../train/checkpoint-generations.ts';
import { keptSummary, stepRecordOf, testRunDatabase } from '../train/test-run-database.ts';
import type { RunSummary } from '../train/types.ts';
import { createProjectService, type ProjectPorts } from './service.ts';
import type { ProjectSettings } from './types.ts';
import { setDocument } from './write-project.ts';

const bundled = async (): Promise<DataSet> => {
  const files = new Map(
    [...vocPictures(2)].map(([path, bytes]) => [path, { byteLength: bytes.byteLength, read: async () => bytes }]),
  );
  return readVocDataSet({ name: BUNDLED_SET_ID, files, problems: [] }, { seed: 9 });
};

/** A browser in memory: its sets, its runs, and projects over them. For tests only. */
export function testBrowser(ports: Partial<ProjectPorts> = {}) {
  const store = testStore();
  const database = testRunDatabase();
  let ids = 0;
  let now = 0;
  const project = createProjectService({
    store,
    database,
    importing: (work) => work(),
    isTraining: async () => false,
    scratchFile: async () => null,
    freeBytes: async () => null,
    newId: () => `new-${++ids}`,
    now: () => ++now,
    clock: () => 1000,
    ...ports,
  });
  const library = createLibrary(store, bundled);
  const versions = createSetVersions({
    store,
    library,
    clock: () => ++now,
    holdEditing: async () => () => undefined,
    runOn: async () => null,
  });
  return { store, database, project, library, versions };
}

export type TestBrowser = ReturnType<typeof testBrowser>;

/** Imports a set of so many pictures; gives its id. For tests only. */
export async function importSet(
  { store }: { readonly store: TestStore },
  pictures: number,
  name = 'cats',
): Promise<string> {
  const source = await givenTar(vocPictures(pictures), name);
  const { summary } = await testService(store, { bundled }).importDataSet(source, () => undefined);
  return summary.id;
}

/** Puts a run there of three steps on a set, with both checkpoints. For tests only. */
export async function addRun(
  { store, database }: Pick<TestBrowser, 'store' | 'database'>,
  id: string,
  dataSetId: string,
  weightBytes = 3000,
): Promise<void> {
  const set = (await store.summaries()).find((summary) => summary.id === dataSetId);
  const summary: RunSummary = {
    ...keptSummary(id),
    status: 'done',
    stepsDone: 3,
    checkpointStep: 3,
    dataSet: { id: dataSetId, name: set?.name ?? dataSetId, hash: set?.hash ?? 'gone' },
  };
  await database.runs.put([[[id], { summary, run: { data: dataSetId, adapter: 'made up' } }]]);
  for (const step of [1, 2, 3]) await database.metrics.put([[[id, step, 'step'], stepRecordOf(step)]]);
  const weights = Uint8Array.from({ length: weightBytes }, (_, at) => at * 7 + id.length);
  for (const kind of ['last', 'best'] as const) {
    await saveGeneration(database.checkpoints, id, kind, new Map([['model.safetensors', weights]]));
  }
}

export const TEST_SETTINGS: ProjectSettings = { classColours: { even: 3 }, smoothing: 0.5, threshold: 0.6 };

/** All that this browser keeps goes out. For tests only. */
export async function projectOf(
  { store, database, project }: TestBrowser,
  settings: ProjectSettings = TEST_SETTINGS,
): Promise<Blob> {
  const sets = (await store.summaries()).map(({ id }) => id);
  const runs = (await database.runs.values([])).map(({ summary }) => summary.id);
  const { file } = await project.exportProject({ sets, runs, settings }, 'all.zip', null, () => undefined);
  if (file === null) throw new Error('it went elsewhere');
  return file.blob;
}

/** Everything that a browser keeps, in a form that can be compared: pictures by their sha256. For tests only. */
export async function contentOf({ store, database }: Pick<TestBrowser, 'store' | 'database'>) {
  const sets = [];
  for (const { id } of await store.summaries()) {
    const { summary: _, ...set } = (await setDocument(store, id)).set;
    const pictures = [];
    for (const [path] of set.pictures) pictures.push([path, await store.picture(id, path)]);
    sets.push({ ...set, pictures });
  }
  return {
    sets: sets.toSorted((a, b) => (a.index.name < b.index.name ? -1 : 1)),
    runs: (await database.runs.values([])).map(({ summary: { bytes: _, ...summary }, run }) => ({ summary, run })),
    metrics: await database.metrics.values([]),
    checkpoints: await database.checkpoints.values([]),
    left: { journals: await store.journals(), pictures: await store.idsOfPictures() },
  };
}
