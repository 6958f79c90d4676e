import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useLocation } from 'wouter';
import { durationText } from '../../base/duration-text.ts';
import { hasWeights, isActive, type RunState } from '../../state/run.ts';
import { bestOf } from '../../state/run-events.ts';
import { failureSentence } from '../../state/status.ts';
import { download } from '../download.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { ExportButton } from '../export/ExportButton.tsx';
import { fixed } from '../numbers.ts';
import { useRuns, useStudio } from '../studio.ts';
import { useRunNow } from './use-run-now.ts';

const WORDS_EVERY_MS = 1000;

/** What a run came to, under the form: its figure, its weights, or why it stopped and how it goes on. */
export function RunOutcome(): ReactNode {
  const run = useRunNow(WORDS_EVERY_MS);
  const { phase, error, log, result, id } = run;
  const best = bestOf(log, result);
  const ended = phase === 'done' || phase === 'stopped';
  return (
    <>
      {error !== null && <Failure run={run} />}
      {phase !== 'idle' &&
        log.notices.map((notice) => (
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
              {best === null ? 'never evaluated' : `AP ${fixed(best.AP, 2)}, at step ${best.step} of ${log.totalSteps}`}
              {result !== null && `, ${durationText(result.seconds)} of training`}
            </span>
          </div>
        </div>
      )}
      {id !== null && hasWeights(run) && <OutcomeButtons run={run} kind={best === null ? 'last' : 'best'} />}
      {isActive(phase) && (
        <p className="small muted">
          {log.saved === null
            ? 'Nothing is saved yet.'
            : `Last checkpoint: step ${log.saved.step}, ${durationText((Date.now() - log.saved.atMs) / 1000)} ago. `}
          {log.saved !== null && 'If this tab closes, training goes on from there.'} Pause and Stop stand in the line
          below; the space bar pauses too.
        </p>
      )}
    </>
  );
}

/** Why the run failed, with the way on; or why a button did not do what it says. */
function Failure({ run }: { readonly run: RunState }): ReactNode {
  const { phase, error, log, id } = run;
  if (error === null) return null;
  if (phase !== 'failed') {
    return (
      <ErrorNote title="That did not work" message={error.message}>
        <Button size="compact-sm" variant="default" mt={8} onClick={run.dismissError}>
          Dismiss
        </Button>
      </ErrorNote>
    );
  }
  const step = log.lastRecord?.step ?? log.saved?.step ?? 0;
  const begun = step > 0 || log.saved !== null;
  const title =
    log.settings === null
      ? 'This run could not be opened'
      : begun
        ? `“${run.name}” did not finish`
        : 'Training did not start';
  const canGoOn = id !== null && log.saved !== null && log.saved.step < log.totalSteps;
  return (
    <ErrorNote
      title={title}
      message={begun && log.settings !== null ? failureSentence(error, step, log.saved?.step ?? null) : error.message}
    >
      {canGoOn && (
        <Button size="compact-sm" mt={8} onClick={() => void run.continueRun(id)}>
          Resume
        </Button>
      )}
    </ErrorNote>
  );
}

/** What can be done with the weights of a run that has ended. */
function OutcomeButtons({ run, kind }: { readonly run: RunState; readonly kind: 'best' | 'last' }): ReactNode {
  const { prediction, evaluation, runs } = useStudio();
  const kept = useRuns((state) => state.runs);
  const [, navigate] = useLocation();
  const [fetching, setFetching] = useState(false);
  const { id, dataSet } = run;
  if (id === null) return null;

  const name = kept?.find((other) => other.id === id)?.name ?? run.name;
  const weights = { kind: 'run', runId: id, checkpoint: kind } as const;
  const save = async (): Promise<void> => {
    setFetching(true);
    const file = await run.weights(kind);
    setFetching(false);
    if (file !== null) download(file.name, [file.blob], 'application/octet-stream');
  };
  const tryIt = (): void => {
    navigate('/predict');
    void prediction.getState().load(weights, name);
  };
  const evaluate = (): void => {
    if (dataSet !== null) evaluation.getState().choose({ weights, name, dataSetId: dataSet.id, split: 'val' });
    navigate('/evaluate');
  };
  /** With the run before it on the same set, where there is one. */
  const compare = (): void => {
    const before = kept?.find((other) => other.id !== id && other.dataSet.id === dataSet?.id);
    runs.getState().select(before === undefined ? [id] : [id, before.id]);
    navigate('/runs');
  };
  return (
    <div className="outcome-buttons">
      <Button onClick={tryIt}>Try it</Button>
      <Button variant="default" loading={fetching} onClick={() => void save()}>
        Download weights
      </Button>
      <ExportButton weights={{ source: weights, name }} />
      <Button variant="default" onClick={evaluate}>
        Evaluate
      </Button>
      <Button variant="default" onClick={compare}>
        Compare
      </Button>
    </div>
  );
}
