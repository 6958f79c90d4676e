import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StepRecord } from '../../train/types.ts';
import { folderRunStore, readMetrics } from './run-store.ts';
import { filesOfSave, saveOfFiles } from './test-saved-files.ts';

const BYTES = 64;
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'detrain-run-'));
});
afterEach(() => rm(folder, { recursive: true }));

const store = () => folderRunStore(folder);
const save = (number: number) => store().saveCheckpoint('last', filesOfSave(number, BYTES));
const saved = async () => saveOfFiles(await store().loadCheckpoint('last'), BYTES);

describe('checkpoints', () => {
  test('there is none at first', async () => {
    expect(await store().loadCheckpoint('last')).toBeNull();
    expect(await folderRunStore(join(folder, 'not-there')).loadCheckpoint('best')).toBeNull();
  });

  test('each replaces the one before, whole, and leaves nothing beside it', async () => {
    await store().saveCheckpoint('last', new Map([...filesOfSave(1, BYTES), ['only-in-the-first', new Uint8Array(3)]]));
    await save(2);
    expect(await saved()).toBe(2);
    expect(await readdir(folder)).toEqual(['last']);
  });

  test('the last and the best do not touch each other', async () => {
    await store().saveCheckpoint('best', filesOfSave(1, BYTES));
    await save(2);
    expect(saveOfFiles(await store().loadCheckpoint('best'), BYTES)).toBe(1);
    expect(await saved()).toBe(2);
  });

  test('a new run in the same place finds nothing of the one before', async () => {
    await store().saveCheckpoint('best', filesOfSave(1, BYTES));
    await save(2);
    await store().writeRun({ seed: 1 });
    await writeFile(join(folder, 'notes.txt'), 'mine');
    await store().clear();
    expect(await readdir(folder)).toEqual(['notes.txt']);
  });

  test('killed between the two renames, the old one is read; the next save clears up', async () => {
    await save(1);
    await rename(join(folder, 'last'), join(folder, 'last.old'));
    expect(await saved()).toBe(1);
    await save(2);
    expect(await saved()).toBe(2);
    expect(await readdir(folder)).toEqual(['last']);
  });

  test('killed while writing, what is half written is neither read nor kept', async () => {
    await save(1);
    await cp(join(folder, 'last'), join(folder, 'last.writing'), { recursive: true });
    await truncate(join(folder, 'last.writing/model.safetensors'), 10);
    await writeFile(join(folder, 'last.writing/leftover'), 'x');
    expect(await saved()).toBe(1);
    await save(2);
    expect(await saved()).toBe(2);
    expect(await readdir(folder)).toEqual(['last']);
  });

  test('killed at the very first one, there is none', async () => {
    await mkdir(join(folder, 'last.writing'));
    await writeFile(join(folder, 'last.writing/config.json'), '{');
    expect(await store().loadCheckpoint('last')).toBeNull();
  });

  test('killed while the old one was removed, the new one is read', async () => {
    await save(2);
    await mkdir(join(folder, 'last.old'));
    await writeFile(join(folder, 'last.old/config.json'), 'half of an old one');
    expect(await saved()).toBe(2);
    await save(3);
    expect(await readdir(folder)).toEqual(['last']);
  });
});

describe('metrics', () => {
  const record = (step: number): StepRecord => ({
    step,
    epoch: step / 10,
    loss: 5 / step,
    loss_ce: 1,
    loss_bbox: 1,
    loss_giou: 1,
    cardinality_error: 0,
    class_error: 0,
    lr: 1e-4,
    grad_norm: 2,
    images_per_second: 3,
  });
  const stepsOf = async () => (await readMetrics(folder)).map(({ step }) => step);
  const append = async (...steps: number[]) => {
    for (const step of steps) await store().appendMetrics(record(step));
  };

  test('are one JSON document a line, in order', async () => {
    expect(await readMetrics(folder)).toEqual([]);
    await append(1, 2, 3);
    const lines = (await readFile(join(folder, 'metrics.jsonl'), 'utf8')).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([record(1), record(2), record(3)]);
  });

  test('a last line that was cut off is left out, and gone once the run goes on', async () => {
    await append(1, 2);
    await appendFile(join(folder, 'metrics.jsonl'), JSON.stringify(record(3)).slice(0, 30));
    expect(await stepsOf()).toEqual([1, 2]);
    await store().truncateMetrics(2);
    await append(3);
    expect(await readMetrics(folder)).toEqual([record(1), record(2), record(3)]);
  });

  test('steps after the checkpoint are dropped, so that each stands there once', async () => {
    await append(1, 2, 3, 4, 5);
    await store().truncateMetrics(3);
    expect(await stepsOf()).toEqual([1, 2, 3]);
    await append(4, 5);
    expect(await stepsOf()).toEqual([1, 2, 3, 4, 5]);
    await store().truncateMetrics(0);
    expect(await readFile(join(folder, 'metrics.jsonl'), 'utf8')).toBe('');
    expect(await readdir(folder)).toEqual(['metrics.jsonl']);
  });
});

test('run.json is replaced as a whole, in a folder that is made for it', async () => {
  const run = folderRunStore(join(folder, 'deep/run'));
  await run.writeRun({ seed: 1, long: 'x'.repeat(100) });
  await run.writeRun({ seed: 2 });
  expect(JSON.parse(await readFile(join(folder, 'deep/run/run.json'), 'utf8'))).toEqual({ seed: 2 });
  expect(await readdir(join(folder, 'deep/run'))).toEqual(['run.json']);
});

test('a disk that refuses is a storage error that names the folder', async () => {
  await writeFile(join(folder, 'file'), '');
  const blocked = folderRunStore(join(folder, 'file/run'));
  await expect(blocked.writeRun({})).rejects.toMatchObject({
    code: 'storage',
    message: expect.stringContaining(join(folder, 'file/run')),
  });
  await expect(blocked.saveCheckpoint('last', filesOfSave(1, BYTES))).rejects.toMatchObject({ code: 'storage' });
});
