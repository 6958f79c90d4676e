import type { DataSetSummary, RunSummary } from '../rpc/protocol.ts';
import { checkpointOf } from './runs.ts';
import type { NamedWeights } from './weights-choices.ts';

/** The weights of the newest run on a set that has ended and left some; null where there is none. `runs` stand newest first. */
export function lastWeightsOn(runs: readonly RunSummary[] | null, dataSetId: string): NamedWeights | null {
  const run = lastRunOn(runs, dataSetId);
  const checkpoint = run === undefined ? null : checkpointOf(run);
  if (run === undefined || checkpoint === null) return null;
  return { source: { kind: 'run', runId: run.id, checkpoint }, name: `${run.name}, ${checkpoint}` };
}

/** The weights to go on from where a set was changed since its last run; null where it was not, or was never trained on. */
export function weightsBeforeChange(
  runs: readonly RunSummary[] | null,
  { id, hash, edited = 0 }: Pick<DataSetSummary, 'id' | 'hash' | 'edited'>,
): NamedWeights | null {
  const isSame = edited === 0 && lastRunOn(runs, id)?.dataSet.hash === hash;
  return isSame ? null : lastWeightsOn(runs, id);
}

function lastRunOn(runs: readonly RunSummary[] | null, dataSetId: string): RunSummary | undefined {
  return runs?.find((run) => run.dataSet.id === dataSetId && run.status !== 'going' && checkpointOf(run) !== null);
}
