import type { RunStatus, RunSummary } from '../rpc/protocol.ts';

/** What the list of runs can be sorted by. */
export type RunColumn =
  | 'name'
  | 'dataSet'
  | 'from'
  | 'status'
  | 'ap50'
  | 'ap'
  | 'steps'
  | 'started'
  | 'seconds'
  | 'bytes';

export interface RunSort {
  readonly column: RunColumn;
  readonly direction: 'ascending' | 'descending';
}

/** Newest first. */
export const NEWEST_FIRST: RunSort = { column: 'started', direction: 'descending' };

/** What wants attention comes first. */
const STATUS_RANK: Readonly<Record<RunStatus, number>> = { going: 0, interrupted: 1, failed: 2, stopped: 3, done: 4 };

const TEXT_COLUMNS: ReadonlySet<RunColumn> = new Set(['name', 'dataSet', 'from', 'status']);

/** Numbers within names are compared as numbers: "run 10" comes after "run 9". */
const BY_NAME = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** The sort after a column's head was pressed: turned round where it is that column's already, else its own first direction. */
export function nextSort(sort: RunSort, column: RunColumn): RunSort {
  if (sort.column === column) {
    return { column, direction: sort.direction === 'ascending' ? 'descending' : 'ascending' };
  }
  return { column, direction: TEXT_COLUMNS.has(column) ? 'ascending' : 'descending' };
}

/**
 * The runs whose name, note, data set or start holds every word of `filter`, in this order. Runs without a figure come
 * last in both directions, and equals stay as they were.
 */
export function shownRuns(runs: readonly RunSummary[], filter: string, sort: RunSort): readonly RunSummary[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = runs.filter((run) => {
    const text = `${run.name}\n${run.note}\n${run.dataSet.name}\n${run.from}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const sign = sort.direction === 'ascending' ? 1 : -1;
  return kept.sort((one, other) => {
    const a = sortKey(one, sort.column);
    const b = sortKey(other, sort.column);
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    if (typeof a === 'string' || typeof b === 'string') return sign * BY_NAME.compare(String(a), String(b));
    return sign * (a - b);
  });
}

function sortKey(run: RunSummary, column: RunColumn): string | number | null {
  switch (column) {
    case 'name':
      return run.name;
    case 'dataSet':
      return run.dataSet.name;
    case 'from':
      return run.from;
    case 'status':
      return STATUS_RANK[run.status];
    case 'ap50':
      return run.best?.map50 ?? null;
    case 'ap':
      return run.best?.AP ?? null;
    case 'steps':
      return run.stepsDone;
    case 'started':
      return run.startedAtMs;
    case 'seconds':
      return run.seconds;
    case 'bytes':
      return run.bytes;
  }
}

/** The ids from one run to another in the order that is shown, both included; the second alone where the first is not shown. */
export function rangeOfRuns(shown: readonly RunSummary[], fromId: string | null, toId: string): readonly string[] {
  const from = shown.findIndex(({ id }) => id === fromId);
  const to = shown.findIndex(({ id }) => id === toId);
  if (from < 0 || to < 0) return [toId];
  return shown.slice(Math.min(from, to), Math.max(from, to) + 1).map(({ id }) => id);
}
