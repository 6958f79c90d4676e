import { useEffect, useMemo, useRef } from 'react';
import type { StudioError } from '../../base/errors.ts';
import type { RunHistory, RunSummary } from '../../rpc/protocol.ts';
import { useRuns } from '../studio.ts';

/** The curves of a run that trains are fetched again so often: they may have many thousands of steps. */
const FETCH_AGAIN_MS = 10_000;

export interface Histories {
  /** Those that are here, in the order of the runs. */
  readonly here: readonly RunHistory[];
  /** True while one is on its way. */
  readonly waiting: boolean;
  readonly errors: readonly { readonly run: RunSummary; readonly error: StudioError }[];
}

/** The histories of these runs, fetched when they are first wanted and again while their run goes on. */
export function useHistories(runs: readonly RunSummary[]): Histories {
  const histories = useRuns((state) => state.histories);
  const historyErrors = useRuns((state) => state.historyErrors);
  const openHistory = useRuns((state) => state.openHistory);
  const ids = JSON.stringify(runs.map(({ id, status }) => [id, status]));
  const newest = useRef(runs);
  newest.current = runs;

  useEffect(() => {
    // The ids and how their runs stand are all that bears on what is fetched.
    const wanted: readonly (readonly [string, string])[] = JSON.parse(ids);
    const open = (): void => {
      for (const [id] of wanted) void openHistory(id);
    };
    open();
    if (!wanted.some(([, status]) => status === 'going')) return;
    const again = setInterval(() => {
      if (document.visibilityState === 'visible') open();
    }, FETCH_AGAIN_MS);
    return () => clearInterval(again);
  }, [ids, openHistory]);

  // The runs' figures change each second while one trains; their curves do not.
  return useMemo(() => {
    const wanted: readonly (readonly [string, string])[] = JSON.parse(ids);
    const here = wanted.flatMap(([id]) => histories[id] ?? []);
    const errors = newest.current.flatMap((run) => {
      const error = historyErrors[run.id];
      return error === undefined || histories[run.id] !== undefined ? [] : [{ run, error }];
    });
    return { here, errors, waiting: here.length + errors.length < wanted.length };
  }, [ids, histories, historyErrors]);
}
