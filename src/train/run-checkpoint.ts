import { StudioError } from '../base/errors.ts';
import { loadGeneration } from './checkpoint-generations.ts';
import { keptRun } from './kept-runs.ts';
import type { CheckpointKind, RunDatabase } from './types.ts';

/**
 * The files of a kept run's checkpoint, and the run's name. Throws `not-found` where there is no such run or checkpoint,
 * `storage` where it is damaged.
 */
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
