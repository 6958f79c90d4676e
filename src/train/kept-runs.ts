import { StudioError } from '../base/errors.ts';
import { settingsBeforeRecipes } from '../base/recipes.ts';
import { checkpointBytes, sweepHalfWritten } from './checkpoint-generations.ts';
import type { RunDatabase, RunHistory, RunRecord, RunSummary } from './types.ts';

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

/** The summary with every setting that runs have now: one that is older lacks some. */
function withAllSettings(summary: RunSummary): RunSummary {
  const { settings } = summary;
  return { ...summary, settings: { ...settingsBeforeRecipes(settings.lrDrop), ...settings } };
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

/** Deletes what lies here of runs without a record: a project that was broken off on its way in leaves such. None may be coming in. */
export async function sweepStrayRuns({ runs, metrics, checkpoints }: RunDatabase): Promise<void> {
  const known = new Set((await runs.keys([])).map(([id]) => id));
  for (const records of [metrics, checkpoints]) {
    const stray = new Set((await records.keys([])).map(([id]) => id).filter((id) => !known.has(id)));
    for (const id of stray) if (id !== undefined) await records.delete([id]);
  }
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
