import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointKind, EvalRecord, RunStore, StepRecord } from '../../train/types.ts';
import { ifMissing } from './if-missing.ts';
import { orStorageError } from './storage-failure.ts';

export const RUN_FILE = 'run.json';
export const METRICS_FILE = 'metrics.jsonl';

/** What a checkpoint's folder is called while it is written, and while it gives way to a newer one. */
const WRITING = '.writing';
const OLD = '.old';

/**
 * A run as a folder: `run.json`, `metrics.jsonl`, and the checkpoints `last/` and `best/`. A checkpoint is written beside
 * the old one, flushed, and put in its place by renaming; whatever moment the process is killed at, one whole checkpoint
 * is there. Throws `storage` where the disk refuses.
 */
export function folderRunStore(folder: string): RunStore {
  const metricsPath = join(folder, METRICS_FILE);
  return {
    out: folder,
    clear: () =>
      reported(folder, async () => {
        // run.json goes first: without it the rest is no run, whenever the process is killed.
        const kinds: CheckpointKind[] = ['last', 'best'];
        const checkpoints = kinds.flatMap((kind) => [kind, kind + OLD, kind + WRITING]);
        for (const name of [RUN_FILE, METRICS_FILE, ...checkpoints]) {
          await rm(join(folder, name), { recursive: true, force: true });
        }
      }),
    writeRun: (run) =>
      reported(folder, async () => {
        await mkdir(folder, { recursive: true });
        const path = join(folder, RUN_FILE);
        await writeFlushed(path + WRITING, new TextEncoder().encode(`${JSON.stringify(run, null, 2)}\n`));
        await rename(path + WRITING, path);
      }),
    appendMetrics: (record) =>
      reported(folder, async () => {
        const file = await open(metricsPath, 'a');
        try {
          await file.write(`${JSON.stringify(record)}\n`);
        } finally {
          await file.close();
        }
      }),
    truncateMetrics: (lastStep) =>
      reported(folder, async () => {
        const kept = (await readMetrics(folder)).filter(({ step }) => step <= lastStep);
        const text = kept.map((record) => `${JSON.stringify(record)}\n`).join('');
        await writeFlushed(metricsPath + WRITING, new TextEncoder().encode(text));
        await rename(metricsPath + WRITING, metricsPath);
      }),
    saveCheckpoint: (kind, files) => reported(folder, () => replaceFolder(join(folder, kind), files)),
    loadCheckpoint: (kind) => reported(folder, () => readCheckpointFolder(folder, kind)),
  };
}

/** The records of a run, in order. A line that a kill cut off is no record. */
export async function readMetrics(folder: string): Promise<(StepRecord | EvalRecord)[]> {
  const text = await readFile(join(folder, METRICS_FILE), 'utf8').catch(ifMissing(''));
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as StepRecord | EvalRecord];
    } catch {
      return []; // cut off in the middle of a write: the step is taken again
    }
  });
}

async function replaceFolder(path: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  await rm(path + WRITING, { recursive: true, force: true });
  await mkdir(path + WRITING, { recursive: true });
  for (const [name, bytes] of files) await writeFlushed(join(path + WRITING, name), bytes);
  // Where an earlier save was killed between its renames, the old folder is the only one: it stays until the new one stands.
  if (await isThere(path)) {
    await rm(path + OLD, { recursive: true, force: true });
    await rename(path, path + OLD);
  }
  await rename(path + WRITING, path);
  await rm(path + OLD, { recursive: true, force: true });
}

/** Killed between the two renames, a run has only the old folder: then that is the last whole checkpoint. */
async function readCheckpointFolder(folder: string, kind: CheckpointKind): Promise<Map<string, Uint8Array> | null> {
  for (const path of [join(folder, kind), join(folder, kind) + OLD]) {
    const names = await readdir(path).catch(ifMissing(null));
    if (!names) continue;
    const files = await Promise.all(names.map(async (name) => [name, await readFile(join(path, name))] as const));
    return new Map(files);
  }
  return null;
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(ifMissing(null))) !== null;
}

async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

function reported<T>(folder: string, work: () => Promise<T>): Promise<T> {
  return orStorageError(
    { failed: `The run in ${folder} could not be kept`, whenFull: 'Free some space and resume.' },
    work,
  );
}
