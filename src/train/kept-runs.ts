import { StudioError } from '../base/errors.ts';
import { checkpointBytes, sweepHalfWritten } from './checkpoint-generations.ts';
import type { RunDatabase, RunHistory, RunRecord, RunSummary, TrainSettings } from './types.ts';

/** What a step's records take about, on disk. */
const BYTES_A_STEP = 400;

/** The record of a run. Throws `not-found`. */
export async function keptRun({ runs }: RunDatabase, id: string): Promise<RunRecord> {
  const record = await runs.get([id]);
  if (record === undefined) throw noSuchRun(id);
  return { ...record, summary: withAllSettings(record.summary) };
}

/** Changes a run's record, with no other change in between. Throws `not-found`. */
export async function changeRun(
  { runs }: RunDatabase,
  id: string,
  change: (record: RunRecord) => RunRecord,
): Promise<void> {
  if (!(await runs.update([id], change))) throw noSuchRun(id);
}

/** All kept runs, newest first. One that nobody trains any more and that has no end was interrupted. */
export async function listRuns({ runs }: RunDatabase, isTraining: boolean): Promise<RunSummary[]> {
  const summaries = (await runs.values([])).map(({ summary }) => withTrueStatus(withAllSettings(summary), isTraining));
  return summaries.toSorted((a, b) => b.startedAtMs - a.startedAtMs);
}

/** What the first runs did and do not say. */
const EARLY_SETTINGS = { augment: 'flip' } satisfies Partial<TrainSettings>;

/** The summary with every setting that runs have now. */
function withAllSettings(summary: RunSummary): RunSummary {
  return { ...summary, settings: { ...EARLY_SETTINGS, ...summary.settings } };
}

/** The summary as it is to be shown: `going` only while somebody holds the lock of runs. */
export function withTrueStatus(summary: RunSummary, isTraining: boolean): RunSummary {
  return summary.status === 'going' && !isTraining ? { ...summary, status: 'interrupted' } : summary;
}

/** A run with all its records, in order of their steps. Throws `not-found`. */
export async function runHistory(database: RunDatabase, id: string, isTraining: boolean): Promise<RunHistory> {
  const { summary } = await keptRun(database, id);
  const records = await database.metrics.values([id]);
  return {
    summary: withTrueStatus(summary, isTraining),
    steps: records.filter((record) => 'loss' in record),
    evals: records.filter((record) => 'eval' in record),
  };
}

/**
 * Puts in order what a worker that was killed has left: its run is marked as interrupted, and what it saved by halves is
 * deleted. The lock of runs must be held.
 */
export async function tidyRuns(database: RunDatabase): Promise<void> {
  for (const { summary } of await database.runs.values([])) {
    if (summary.status !== 'going') continue;
    await database.runs.update([summary.id], (record) => ({
      ...record,
      summary: withTrueStatus(record.summary, false),
    }));
  }
  await sweepHalfWritten(database.checkpoints, []);
}

/** Deletes a run and says what that freed. Throws `not-found`. */
export async function deleteRun(database: RunDatabase, id: string): Promise<{ readonly freedBytes: number }> {
  const { summary } = await keptRun(database, id);
  const freedBytes = await runBytes(database, id, summary.stepsDone);
  // The record last: killed in between, the run is still listed and can be deleted again.
  await database.checkpoints.delete([id]);
  await database.metrics.delete([id]);
  await database.runs.delete([id]);
  return { freedBytes };
}

/** What a run of so many steps takes on disk, about. */
export async function runBytes({ checkpoints }: RunDatabase, id: string, steps: number): Promise<number> {
  return (await checkpointBytes(checkpoints, id)) + steps * BYTES_A_STEP;
}

function noSuchRun(id: string): StudioError {
  return new StudioError(
    'not-found',
    'This run is not kept in this browser; it may have been deleted in another tab.',
    {
      run: id,
    },
  );
}
