import type { ReadyRun } from './ready-run.ts';
import type { RunRecord, RunRequest } from './types.ts';

/** The record of a run that begins: its figures so far, and its run.json. */
export function newRun(
  { id, name, dataSetId, dataSetVersion, classMap }: RunRequest,
  { dataSet, fromName, settings, carriedClasses, classRows }: ReadyRun,
  {
    adapter,
    startedAtMs,
    versions,
  }: {
    readonly adapter: { readonly name: string };
    readonly startedAtMs: number;
    readonly versions: Readonly<Record<string, string>>;
  },
): RunRecord {
  const { classes, hash } = dataSet;
  return {
    summary: {
      id,
      name,
      note: '',
      status: 'going',
      message: null,
      dataSet: {
        id: dataSetId,
        name: dataSet.name,
        hash,
        ...(dataSetVersion !== undefined && { version: dataSetVersion }),
      },
      from: fromName,
      settings,
      classes,
      ...(classMap !== undefined &&
        classMap.size > 0 && { chosenRows: [...classMap].map(([name, from]) => ({ name, from })) }),
      stepsDone: 0,
      checkpointStep: null,
      startedAtMs,
      seconds: 0,
      best: null,
      bytes: 0,
    },
    run: {
      data: dataSetId,
      model: fromName,
      dataName: dataSet.name,
      dataHash: hash,
      classes,
      carriedClasses,
      classRows,
      settings,
      adapter: adapter.name,
      versions,
      started: new Date(startedAtMs).toISOString(),
    },
  };
}
