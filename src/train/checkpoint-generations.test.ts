import { expect, test } from 'vitest';
import { StudioError } from '../base/errors.ts';
import { checkpointBytes, loadGeneration, saveGeneration, sweepHalfWritten } from './checkpoint-generations.ts';
import { TestRecords } from './test-run-database.ts';
import type { CheckpointManifest } from './types.ts';

type Records = TestRecords<ArrayBuffer | CheckpointManifest>;

const BYTES = 300;
const MEBI = 2 ** 20;

/** Files that all say which save they are of. */
const filesOf = (save: number, bytes = BYTES) =>
  new Map(
    ['model.safetensors', 'optimizer.safetensors', 'empty'].map((name, i) => [
      name,
      new Uint8Array(i < 2 ? bytes : 0).fill(save),
    ]),
  );

/** Which save is loaded, checked to be whole and of one piece; null where there is none. */
async function loaded(records: Records): Promise<number | null> {
  const found = await loadGeneration(records, 'run', 'last');
  if (found === null) return null;
  expect([...found.files.keys()]).toEqual([...filesOf(0).keys()]);
  const values = new Set([...found.files.values()].flatMap((bytes) => [...bytes]));
  expect(values.size).toBe(1);
  expect(found.files.get('model.safetensors')).toHaveLength(BYTES);
  return [...values][0] ?? null;
}

const save = (records: Records, number: number) => saveGeneration(records, 'run', 'last', filesOf(number));
const generations = async (records: Records) => [...new Set((await records.keys([])).map((key) => key[2]))];

/** Changes one byte of the newest generation's weights. */
async function flipByte(records: Records, generation: number): Promise<void> {
  const chunk = await records.get(['run', 'last', generation, 'file', 'model.safetensors', 0]);
  if (!(chunk instanceof ArrayBuffer)) throw new Error('no such chunk');
  const bytes = new Uint8Array(chunk);
  bytes[17] = (bytes[17] ?? 0) ^ 4;
}

test('what is saved is loaded, the newest first, and only the one before it is kept beside it', async () => {
  const records: Records = new TestRecords();
  expect(await loaded(records)).toBeNull();
  for (let number = 1; number <= 4; number++) {
    await save(records, number);
    expect(await loaded(records)).toBe(number);
  }
  expect(await generations(records)).toEqual([3, 4]);
  expect(await checkpointBytes(records, 'run')).toBe(4 * BYTES);
});

test('a file is kept in pieces of less than 64 MB, and comes back as it was', async () => {
  const records: Records = new TestRecords();
  const bytes = new Uint8Array(33 * MEBI);
  for (let at = 0; at < bytes.length; at += 4099) bytes[at] = at % 251;
  await saveGeneration(records, 'run', 'best', new Map([['model.safetensors', bytes]]));
  const sizes = [...records.held.values()].map(({ value }) => (value instanceof ArrayBuffer ? value.byteLength : 0));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(bytes.length);
  expect(Math.max(...sizes)).toBeLessThan(64 * MEBI);
  const found = await loadGeneration(records, 'run', 'best');
  expect(Buffer.compare(found?.files.get('model.safetensors') ?? new Uint8Array(), bytes)).toBe(0);
});

test('killed at any change, and at any one of the save after that, a whole checkpoint is there', async () => {
  let kills = 0;
  for (let first = 0, ended = false; !ended; first++) {
    for (let second = 0, endedAgain = false; !endedAgain; second++) {
      const records: Records = new TestRecords();
      await save(records, 1);
      await save(records, 2);
      const saveWithin = async (changes: number, number: number) => {
        records.changesLeft = changes;
        const isWhole = await save(records, number).then(
          () => true,
          () => false,
        );
        records.changesLeft = Number.POSITIVE_INFINITY;
        return isWhole;
      };
      ended = await saveWithin(first, 3);
      const where = `killed at change ${first}, then at ${second}`;
      const before = (await loaded(records)) ?? 0;
      expect(before, where).toBeGreaterThanOrEqual(ended ? 3 : 2);
      endedAgain = await saveWithin(second, 4);
      expect(await loaded(records), where).toBeGreaterThanOrEqual(endedAgain ? 4 : before);
      await sweepHalfWritten(records, []);
      expect((await generations(records)).length, where).toBeLessThanOrEqual(endedAgain ? 2 : 4);
      kills += endedAgain ? 0 : 1;
    }
  }
  expect(kills).toBeGreaterThan(20);
});

test('what was saved by halves is never loaded, and is swept', async () => {
  const records: Records = new TestRecords();
  await save(records, 1);
  records.changesLeft = 2;
  await expect(save(records, 2)).rejects.toThrow('killed');
  records.changesLeft = Number.POSITIVE_INFINITY;
  expect(await generations(records)).toEqual([1, 2]);
  expect(await loaded(records)).toBe(1);
  await sweepHalfWritten(records, []);
  expect(await generations(records)).toEqual([1]);
});

test('a flipped byte is refused by its checksum and the generation before loads; without one that is said', async () => {
  const records: Records = new TestRecords();
  await save(records, 1);
  await save(records, 2);
  await flipByte(records, 2);
  expect(await loaded(records)).toBe(1);
  expect((await loadGeneration(records, 'run', 'last'))?.refused).toBe(1);
  await flipByte(records, 1);
  await expect(loaded(records)).rejects.toMatchObject({ code: 'storage', message: expect.stringMatching(/damaged/) });
});

test('where there is no room for a third generation the oldest gives way, never the newest', async () => {
  const records: Records = new TestRecords();
  records.quotaBytes = 5 * BYTES;
  for (let number = 1; number <= 4; number++) await save(records, number);
  expect(await loaded(records)).toBe(4);
  expect(await generations(records)).toEqual([3, 4]);
});

test('where there is no room at all the old one stays, and what is needed and free is said', async () => {
  const records: Records = new TestRecords();
  records.quotaBytes = 3 * BYTES;
  await save(records, 1);
  const error = await save(records, 2).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StudioError);
  expect(error).toMatchObject({ code: 'storage', details: { neededBytes: 2 * BYTES, freeBytes: 7 + BYTES } });
  expect(await loaded(records)).toBe(1);
  expect(await generations(records)).toEqual([1]);
});

test('a store that gives back something else than it was given is found out before the old one goes', async () => {
  const records: Records = new TestRecords();
  await save(records, 1);
  await save(records, 2);
  const put = records.put.bind(records);
  records.put = async (entries) => {
    await put(entries);
    const chunk = entries[0]?.[1];
    if (chunk instanceof ArrayBuffer) new Uint8Array(chunk)[0] = 99;
  };
  await expect(save(records, 3)).rejects.toMatchObject({ code: 'storage' });
  expect(await loaded(records)).toBe(2);
});
