import { useEffect, useMemo, useState } from 'react';
import type { RunSummary } from '../../rpc/protocol.ts';
import { isActive, type RunState } from '../../state/run.ts';
import { bestEval } from '../../state/run-events.ts';
import { useRuns, useStudio } from '../studio.ts';

/** A run that trains is asked about so often, here or in another tab. */
const ASK_EVERY_MS = 3000;
/** What this page trains is known at once, and shown so often. */
const SHOW_EVERY_MS = 1000;

/** How far the run of this page is; null where none goes on. */
interface LiveRun {
  readonly id: string;
  readonly stepsDone: number;
  readonly best: RunSummary['best'];
}

/** The kept runs, in which what trains now moves: once a second what this page trains, every few what another tab does. */
export function useLiveRuns(): readonly RunSummary[] | null {
  const { run } = useStudio();
  const runs = useRuns((state) => state.runs);
  const refresh = useRuns((state) => state.refresh);
  const [live, setLive] = useState<LiveRun | null>(() => liveRun(run.getState()));
  const anyGoes = runs?.some(({ status }) => status === 'going') ?? false;

  // What ended while another room was shown.
  useEffect(() => void refresh(), [refresh]);

  useEffect(() => {
    if (!anyGoes) return;
    const asking = setInterval(() => {
      if (document.visibilityState === 'visible') void refresh();
    }, ASK_EVERY_MS);
    return () => clearInterval(asking);
  }, [anyGoes, refresh]);

  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | null = null;
    const show = (): void => {
      waiting = null;
      setLive((before) => {
        const now = liveRun(run.getState());
        return JSON.stringify(before) === JSON.stringify(now) ? before : now;
      });
    };
    show();
    const stop = run.subscribe(() => {
      waiting ??= setTimeout(show, SHOW_EVERY_MS);
    });
    return () => {
      stop();
      if (waiting !== null) clearTimeout(waiting);
    };
  }, [run]);

  return useMemo(() => {
    if (runs === null || live === null) return runs;
    return runs.map((kept) =>
      kept.id === live.id && kept.status === 'going'
        ? { ...kept, stepsDone: Math.max(kept.stepsDone, live.stepsDone), best: live.best ?? kept.best }
        : kept,
    );
  }, [runs, live]);
}

function liveRun({ id, phase, log }: RunState): LiveRun | null {
  if (id === null || !isActive(phase)) return null;
  return { id, stepsDone: log.lastRecord?.step ?? 0, best: bestEval(log.evals) };
}
