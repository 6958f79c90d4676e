import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useLocation } from 'wouter';
import type { WeightsFile } from '../../rpc/protocol.ts';
import { hasWeights, isActive } from '../../state/run.ts';
import { bestEval } from '../../state/run-events.ts';
import { download } from '../download.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { fixed } from '../numbers.ts';
import { useRun, useStudio } from '../studio.ts';

/** What a run came to, under the form: its figure, its weights, or why it stopped. */
export function RunOutcome(): ReactNode {
  const run = useRun((state) => state);
  const { prediction } = useStudio();
  const [, navigate] = useLocation();
  const [fetching, setFetching] = useState(false);
  const { phase, error, log } = run;
  const best = bestEval(log.evals);
  const kind = best === null ? 'last' : 'best';

  const withWeights = async (use: (file: WeightsFile) => void): Promise<void> => {
    setFetching(true);
    const file = await run.weights(kind);
    setFetching(false);
    if (file !== null) use(file);
  };
  const save = (file: WeightsFile): void => download(file.name, [file.bytes], 'application/octet-stream');
  const tryIt = (file: WeightsFile): void => {
    navigate('/predict');
    void prediction.getState().load(file, 'run', run.name);
  };

  const ended = phase === 'done' || phase === 'stopped';
  return (
    <>
      {error !== null && (
        <ErrorNote
          title={phase === 'failed' ? `Training stopped at step ${log.steps.at(-1)?.step ?? 0}` : 'That did not work'}
          message={error.message}
        />
      )}
      {log.notices.map((notice) => (
        <p key={notice} className="said">
          {notice}
        </p>
      ))}
      {ended && (
        <div className="said outcome">
          <b>{fixed(best?.map50, 2)}</b>
          <div>
            {phase === 'done' ? 'Best AP50' : 'Stopped; best AP50 so far'}
            <span className="muted small">
              {best === null ? 'never evaluated' : `at step ${best.step} of ${log.settings?.steps ?? 0}`}
            </span>
          </div>
        </div>
      )}
      {hasWeights(run) && (
        <div className="outcome-buttons">
          <Button loading={fetching} onClick={() => void withWeights(tryIt)}>
            Try it
          </Button>
          <Button variant="default" loading={fetching} onClick={() => void withWeights(save)}>
            Download weights
          </Button>
        </div>
      )}
      {isActive(phase) && (
        <p className="small muted">
          Pause and Stop stand in the line below. Stopping keeps the weights so far; closing this tab loses them.
        </p>
      )}
    </>
  );
}
