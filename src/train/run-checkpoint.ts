import { StudioError } from '../base/errors.ts';
import { type Checkpoint, readCheckpointFiles } from '../interop/checkpoint-files.ts';
import { loadGeneration } from './checkpoint-generations.ts';
import { keptRun } from './kept-runs.ts';
import type { CheckpointKind, RunDatabase } from './types.ts';

/**
 * The weights of a kept run, and what to call them. Throws `not-found` where there is no such run or checkpoint, `storage`
 * where it is damaged.
 */
export async function runCheckpoint(
  database: RunDatabase,
  runId: string,
  kind: CheckpointKind,
): Promise<{ readonly checkpoint: Checkpoint; readonly name: string }> {
  const { files, name } = await runCheckpointFiles(database, runId, kind);
  return { checkpoint: readCheckpointFiles(files, name), name: `${name}, ${kind}` };
}

/** The files of a kept run's checkpoint, and the run's name. Throws as `runCheckpoint`. */
export async function runCheckpointFiles(
  database: RunDatabase,
  runId: string,
  kind: CheckpointKind,
): Promise<{ readonly files: ReadonlyMap<string, Uint8Array>; readonly name: string }> {
  const { name } = (await keptRun(database, runId)).summary;
  const loaded = await loadGeneration(database.checkpoints, runId, kind);
  if (loaded !== null) return { files: loaded.files, name };
  const why = kind === 'best' ? 'it was never evaluated, take its last one' : 'it ended before its first step';
  throw new StudioError('not-found', `The run "${name}" has no ${kind} checkpoint: ${why}.`, { run: runId, kind });
}
