import { Button } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { Link } from 'wouter';
import { isActive } from '../../state/run.ts';
import { resumableRuns, resumableSentence } from '../../state/runs-left.ts';
import { useRun, useRuns } from '../studio.ts';

/** The others stand in the Runs room. */
const MOST_OFFERED = 2;

/** The runs that ended with the tab or the browser, or failed: each can go on from what is saved, or be left. */
export function ResumeOffers(): ReactNode {
  const runs = useRuns((state) => state.runs);
  const ownId = useRun((state) => state.id);
  const left = useRun((state) => state.leftAsTheyAre);
  const busy = useRun((state) => isActive(state.phase) || state.elsewhere !== null);
  const disabled = useRun((state) => state.estimating);
  const continueRun = useRun((state) => state.continueRun);
  const leave = useRun((state) => state.leaveAsItIs);
  const offered = useMemo(() => resumableRuns(runs ?? [], ownId, left), [runs, ownId, left]);
  // The record of a run that goes on in another tab is not always told from one that broke off.
  if (busy || offered.length === 0) return null;
  return (
    <section className="offers" aria-label="Runs that can go on">
      {offered.slice(0, MOST_OFFERED).map((run) => (
        <div className="said" key={run.id}>
          <p id={`offer-${run.id}`}>{resumableSentence(run)}</p>
          {run.status === 'failed' && run.message !== null && <p className="small muted">{run.message}</p>}
          <div className="outcome-buttons">
            <Button
              size="compact-sm"
              disabled={disabled}
              aria-describedby={`offer-${run.id}`}
              onClick={() => void continueRun(run.id)}
            >
              Resume
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              aria-describedby={`offer-${run.id}`}
              onClick={() => leave(run.id)}
            >
              Keep as it is
            </Button>
          </div>
        </div>
      ))}
      {offered.length > MOST_OFFERED && (
        <Link href="/runs" className="small">
          {offered.length - MOST_OFFERED} more in Runs
        </Link>
      )}
    </section>
  );
}
