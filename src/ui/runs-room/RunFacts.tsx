import { Button } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import { bytesText } from '../../base/bytes-text.ts';
import { durationText } from '../../base/duration-text.ts';
import type { RunSummary } from '../../rpc/protocol.ts';
import { canContinue, checkpointOf } from '../../state/runs.ts';
import type { XName } from '../charts/chart-line.ts';
import { fixed, whole } from '../numbers.ts';
import { CurveControls } from './CurveControls.tsx';
import { HistoryErrors } from './HistoryErrors.tsx';
import { RunCharts } from './RunCharts.tsx';
import { RunNote } from './RunNote.tsx';
import { RunStatusMark } from './RunStatusMark.tsx';
import { settingWords } from './setting-words.ts';
import { useHistories } from './use-histories.ts';
import type { RunActions } from './use-run-actions.ts';
import { exactWhenText } from './when-text.ts';

export interface RunFactsProps {
  readonly run: RunSummary;
  readonly actions: RunActions;
}

/** One run in full: how it stands, its best figures, its curves, everything that it was told. */
export function RunFacts({ run, actions }: RunFactsProps): ReactNode {
  const [xName, setXName] = useState<XName>('step');
  const these = useMemo(() => [run], [run]);
  const { here, errors, waiting } = useHistories(these);
  const history = here[0];
  const hasWeights = checkpointOf(run) !== null;
  return (
    <section className="runs-below" aria-labelledby="run-title">
      <div className="runs-below-head">
        <h2 id="run-title" className="cut" title={run.name}>
          {run.name}
        </h2>
        <CurveControls xName={xName} onXName={setXName} />
      </div>
      <div className="run-facts">
        <div className="run-side">
          <div className="card run-card">
            <RunStatusMark status={run.status} />
            <p className="small">{standing(run)}</p>
            {run.message !== null && <p className="small run-message">{run.message}</p>}
            <dl className="run-figures">
              <div>
                <dt>Best AP50</dt>
                <dd>{fixed(run.best?.map50, 3)}</dd>
              </div>
              <div>
                <dt>AP there</dt>
                <dd>{fixed(run.best?.AP, 3)}</dd>
              </div>
            </dl>
            <div className="run-buttons">
              {canContinue(run) && (
                <Button size="xs" onClick={() => actions.resume(run)}>
                  Resume
                </Button>
              )}
              {hasWeights && (
                <>
                  <Button
                    size="xs"
                    variant={canContinue(run) ? 'default' : 'filled'}
                    onClick={() => actions.tryIt(run)}
                  >
                    Try it
                  </Button>
                  <Button size="xs" variant="default" onClick={() => actions.evaluate(run)}>
                    Evaluate
                  </Button>
                  <Button size="xs" variant="default" onClick={() => void actions.downloadWeights(run)}>
                    Download weights
                  </Button>
                  <Button size="xs" variant="default" onClick={() => actions.exportModel(run)}>
                    Export
                  </Button>
                </>
              )}
            </div>
            <RunNote run={run} />
          </div>
          <div className="card run-card">
            <dl className="run-settings">
              {settingWords(run).map(({ name, value }) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd title={value}>{value}</dd>
                </div>
              ))}
            </dl>
            <Button size="xs" variant="default" mt={10} onClick={() => void actions.copyLink(run)}>
              Copy link to these settings
            </Button>
          </div>
        </div>
        <div>
          <HistoryErrors errors={errors} />
          {history !== undefined && history.steps.length + history.evals.length > 0 && (
            <RunCharts history={history} xName={xName} />
          )}
          {history === undefined && waiting && <div className="card runs-waiting" aria-busy="true" />}
          {history !== undefined && history.steps.length + history.evals.length === 0 && (
            <p className="said">It has not taken a step: there are no curves yet.</p>
          )}
        </div>
      </div>
    </section>
  );
}

/** How far it came, how long that took, and from where it could go on. */
function standing({ stepsDone, settings, seconds, startedAtMs, bytes, checkpointStep }: RunSummary): string {
  const steps = `${whole(stepsDone)} of ${whole(settings.steps)} steps`;
  const time = seconds > 0 ? ` in ${durationText(seconds)}` : '';
  const saved = checkpointStep === null ? 'nothing saved yet' : `saved at step ${whole(checkpointStep)}`;
  return `${steps}${time}, ${saved}. Begun on ${exactWhenText(startedAtMs)}. ${bytesText(bytes)} on disk.`;
}
