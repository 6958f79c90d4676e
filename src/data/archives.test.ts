import { expect, test } from 'vitest';
import { StudioError } from '../base/errors.ts';
import { describeWithFixture, readBytes, readJson } from '../base/test-fixtures.ts';
import { readArchiveTree } from './archive-tree.ts';
import { streamOf } from './tar-stream.ts';
import { readTarTree } from './tar-tree.ts';
import { archiveCases } from './test-archives.ts';
import { readVocDataSet } from './voc-data-set.ts';
import { findVocLayouts } from './voc-layout.ts';

async function dataSetOf(path: string, name: string, root?: string) {
  return readVocDataSet(await readArchiveTree(streamOf(readBytes(path)), name), root === undefined ? {} : { root });
}

describeWithFixture('voc/oddities/archives', 'archives', (folder) => {
  const { readable } = archiveCases(folder);

  test.each(readable)('$file is read: $note', async ({ file, expected }) => {
    const tree = await readArchiveTree(streamOf(readBytes(`${folder}/${file}`)), file);
    const layouts = findVocLayouts(tree);
    expect(layouts).toHaveLength(expected.data_sets ?? 0);
    const sets = await Promise.all(layouts.map(({ root }) => readVocDataSet(tree, { root })));
    expect(sets.reduce((sum, { samples }) => sum + samples.length, 0)).toBe(expected.images);
    for (const set of sets) {
      expect(set.splits.train).toEqual(expected.train);
      expect(set.splits.val).toEqual(expected.val);
    }
    const problems = sets[0]?.problems ?? [];
    if (typeof expected.warnings === 'number') expect(problems).toHaveLength(expected.warnings);
    else expect(problems.length, String(expected.warnings)).toBeGreaterThan(0);
    expect(problems.every(({ severity }) => severity === 'warning')).toBe(true);
  });

  test('of two entries with one name the last is taken', async () => {
    const set = await dataSetOf(`${folder}/duplicate_entry.tar`, 'duplicate_entry.tar');
    expect(set.samples[0]?.objects[0]?.className).toBe('second');
  });

  test('two years are read as one set, their pictures told apart by folder', async () => {
    const set = await dataSetOf(`${folder}/two_years.tar`, 'two_years.tar');
    expect(set.splits.train).toEqual(['VOC2007/000001', 'VOC2012/000001']);
    expect(set.samples).toHaveLength(4);
    expect((await set.imageBytes('VOC2012/000002')).byteLength).toBe(1484);
  });

  test('a cut-off archive is refused with the entry and the byte', async () => {
    const message = await refusal(`${folder}/truncated.tar`, 'truncated.tar');
    expect(message).toMatch(/VOCdevkit\/A\/ImageSets\//);
    expect(message).toContain('byte 9000');
  });

  test('a wrong checksum and an empty archive are refused in plain words, a zip where only a tar is read', async () => {
    expect(await refusal(`${folder}/bad_checksum.tar`, 'bad_checksum.tar')).toMatch(/checksum/);
    expect(await refusal(`${folder}/empty.tar`, 'empty.tar')).toMatch(/no picture/);
    await expect(readTarTree(readBytes(`${folder}/stored.zip`), 'stored.zip')).rejects.toThrow(/zip archive/);
  });

  test('every cut of an archive is refused, or read with a warning where it falls between two entries', async () => {
    const whole = readBytes(`${folder}/ustar.tar`);
    const before = await readTarTree(whole, 'whole');
    const end = whole.byteLength - trailingZeros(whole);
    for (let cut = 512; cut <= end; cut += 171) {
      const tree = await readTarTree(whole.slice(0, cut), 'cut').catch((error: unknown) => error);
      if (tree instanceof StudioError) expect(tree.code).toBe('bad-archive');
      else {
        expect(cut % 512).toBe(0);
        const { problems, files } = tree as Awaited<ReturnType<typeof readTarTree>>;
        expect(problems).toHaveLength(1);
        for (const [path, entry] of files) expect(entry.byteLength).toBe(before.files.get(path)?.byteLength);
      }
    }
  });
});

describeWithFixture('voc/bccd', 'real photographs', (folder) => {
  test('counts are those of stats.json', async () => {
    const stats = readJson<{
      classes: Record<string, number>;
      splits: Record<string, { images: number; objects: Record<string, number> }>;
    }>(`${folder}/stats.json`);
    const set = await dataSetOf(`${folder}/BCCD_trainval.tar`, 'BCCD_trainval.tar');
    expect(set.problems).toEqual([]);
    expect(set.classes).toEqual(Object.keys(stats.classes).sort());
    const byId = new Map(set.samples.map((sample) => [sample.id, sample]));
    for (const [split, expected] of Object.entries(stats.splits)) {
      const ids = set.splits[split] ?? [];
      expect(ids).toHaveLength(expected.images);
      const objects = ids.flatMap((id) => byId.get(id)?.objects ?? []);
      for (const [name, count] of Object.entries(expected.objects)) {
        expect(objects.filter(({ className }) => className === name)).toHaveLength(count);
      }
    }
  });
});

test('the bundled sample has 320 and 80 pictures with 995 and 225 boxes, 6 classes', async () => {
  const path = new URL('../../public/sample/emoji-scenes.tar', import.meta.url).pathname;
  const set = await dataSetOf(path, 'emoji-scenes.tar');
  const byId = new Map(set.samples.map((sample) => [sample.id, sample]));
  const boxes = (split: string) => (set.splits[split] ?? []).flatMap((id) => byId.get(id)?.objects ?? []);
  expect([set.splits.train?.length, set.splits.val?.length]).toEqual([320, 80]);
  expect([boxes('train').length, boxes('val').length]).toEqual([995, 225]);
  expect(boxes('train').filter(({ truncated }) => truncated)).toHaveLength(46);
  expect(boxes('val').filter(({ difficult }) => difficult)).toHaveLength(4);
  expect(set.classes).toEqual(['aeroplane', 'bicycle', 'bus', 'car', 'cat', 'dog']);
  expect(set.problems).toEqual([]);
});

async function refusal(path: string, name: string): Promise<string> {
  const error = await dataSetOf(path, name).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StudioError);
  return error instanceof StudioError ? error.message : '';
}

function trailingZeros(bytes: Uint8Array): number {
  let at = bytes.byteLength;
  while (bytes[at - 1] === 0) at -= 1;
  return bytes.byteLength - at;
}
