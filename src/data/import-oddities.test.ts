import { expect, test } from 'vitest';
import { describeWithFixture, fixturePath, readBytes } from '../base/test-fixtures.ts';
import { openFileTree } from '../platform/node/file-tree.ts';
import { readArchiveTree } from './archive-tree.ts';
import { exportVocTar } from './export-voc.ts';
import { createLibrary } from './library.ts';
import { archiveCases } from './test-archives.ts';
import { testStore } from './test-data-set-store.ts';
import { streamedFile, testService } from './test-import.ts';
import type { DataSet, ImportSource } from './types.ts';
import { readVocDataSet } from './voc-data-set.ts';

const SAMPLE = new URL('../../public/sample/emoji-scenes.tar', import.meta.url).pathname;
const bundled = async (): Promise<DataSet> => readVocDataSet(await openFileTree(SAMPLE, readArchiveTree));
const silent = () => undefined;

function given(path: string, name: string): ImportSource {
  return { kind: 'files', name, files: [{ path: name, file: streamedFile(readBytes(path)) }] };
}

describeWithFixture('voc/oddities/archives', 'archives, imported', (folder) => {
  const { readable, refused } = archiveCases(folder);

  test.each(readable)('$file: $note', async ({ file, expected }) => {
    const store = testStore();
    const service = testService(store, { bundled });
    const { summary, problems } = await service.importDataSet(given(`${folder}/${file}`, file), silent);
    const index = await service.dataSet(summary.id);
    expect(index.samples).toHaveLength(expected.images ?? 0);
    expect(store.pictureCount()).toBe(expected.images);
    const bare = (split: string) => new Set(index.splits[split]?.map((id) => id.slice(id.lastIndexOf('/') + 1)));
    expect(bare('train')).toEqual(new Set(expected.train));
    expect(bare('val')).toEqual(new Set(expected.val));
    expect(index.splits.train).toHaveLength((expected.train?.length ?? 0) * (expected.data_sets ?? 0));
    if (typeof expected.warnings === 'number') expect(problems).toHaveLength(expected.warnings);
    else expect(problems.length, String(expected.warnings)).toBeGreaterThan(0);
    expect(problems.every(({ severity }) => severity === 'warning')).toBe(true);
  });

  test.each(refused)('$file is refused and nothing of it is kept: $note', async ({ file }) => {
    const store = testStore();
    const service = testService(store, { bundled });
    const refused = service.importDataSet(given(`${folder}/${file}`, file), silent);
    await expect(refused).rejects.toMatchObject({
      code: file === 'empty.tar' ? 'bad-data-set' : 'bad-archive',
      message: expect.stringMatching(/cut off .*ImageSets.* byte 9000|checksum|no picture/),
    });
    expect(store.pictureCount()).toBe(0);
    expect(await store.journals()).toEqual([]);
  });
});

describeWithFixture('voc/oddities/archives/truncated.tar', 'the archive that is cut off', (path) => {
  test('gives its complete pictures on the word of a person', async () => {
    const service = testService(testStore(), { bundled });
    const source = { ...given(path, 'truncated.tar'), takeCutOff: true };
    const { summary, problems } = await service.importDataSet(source, silent);
    expect(summary).toMatchObject({ name: 'A (incomplete)', images: 2 });
    expect(problems.map(({ reason }) => reason).join(' ')).toMatch(/cut off after .*ImageSets.* byte 9000/);
  });
});

describeWithFixture('voc/oddities/VOCdevkit', 'the folder of oddities, imported', (folder) => {
  test('comes out as the shell reads it, each problem with its file, and exported and read again with the same hash', async () => {
    const tree = await openFileTree(folder, readArchiveTree);
    const { imageBytes, ...inShell } = await readVocDataSet(tree);
    const files = [];
    for (const [path, entry] of tree.files) {
      files.push({ path, file: new Blob([new Uint8Array(await entry.read())]) });
    }
    const store = testStore();
    const service = testService(store, { bundled });
    const { summary } = await service.importDataSet({ kind: 'files', name: tree.name, files }, silent);
    expect(await service.dataSet(summary.id)).toEqual({ ...inShell, id: summary.id });
    expect(store.pictureCount()).toBe(inShell.samples.length);

    const { name, blob } = await service.exportDataSet(summary.id);
    expect(name).toBe('ODD.tar');
    const again = await readVocDataSet(await readArchiveTree(blob.stream(), name));
    expect(again.samples.map(({ id }) => id)).toEqual(inShell.samples.map(({ id }) => id));
    expect(again.hash).toBe(inShell.hash);
    expect(again.splits.train).toEqual(inShell.splits.train);
    expect(again.problems.filter(({ severity }) => severity === 'refused')).toEqual([]);
  });
});

const TWO_YEARS = fixturePath('voc/oddities/archives/two_years.tar');
const EXPORTED: readonly (readonly [string, string])[] = [
  ['the sample', SAMPLE],
  ...(TWO_YEARS === null ? [] : [['two years in one', TWO_YEARS] as const]),
];

test.each(EXPORTED)('%s, exported and read again, has the same hash', async (_, path) => {
  const before = await readVocDataSet(await openFileTree(path, readArchiveTree));
  const tar = await exportVocTar(before);
  const after = await readVocDataSet(await readArchiveTree(tar.stream(), 'again.tar'));
  expect(after.hash).toBe(before.hash);
  expect(after.samples.map(({ id, objects }) => [id, objects])).toEqual(
    before.samples.map(({ id, objects }) => [id, objects]),
  );
  expect(after.splits).toEqual(before.splits);
  expect(after.problems).toEqual([]);
});

test('the bundled set is opened like any other, and not written', async () => {
  const store = testStore();
  const library = createLibrary(store, bundled);
  const set = await library.open('emoji-scenes');
  const [first] = set.samples;
  const bytes = await set.imageBytes(first?.id ?? '');
  expect(await library.picture('emoji-scenes', first?.id ?? '')).toEqual(new Uint8Array(bytes));
  expect((await library.summaries())[0]).toMatchObject({
    images: 400,
    boxes: 1220,
    bytes: 0,
    splits: { train: 320, val: 80 },
  });
  expect(store.writtenPaths).toEqual([]);
  await expect(library.open('gone')).rejects.toMatchObject({ code: 'not-found' });
});
