import type { RunSummary, SetVersion } from '../rpc/protocol.ts';

/** The runs that trained on a version of a set; one that says no number trained on the first. */
export function runsOfVersion(
  runs: readonly RunSummary[],
  dataSetId: string,
  { number, hash }: Pick<SetVersion, 'number' | 'hash'>,
): RunSummary[] {
  return runs.filter(
    ({ dataSet }) => dataSet.id === dataSetId && dataSet.hash === hash && (dataSet.version ?? 1) === number,
  );
}
