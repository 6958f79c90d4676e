import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { bytesText } from '../../base/bytes-text.ts';
import { durationText } from '../../base/duration-text.ts';
import type { MemorySaving } from '../../rpc/protocol.ts';
import { knownSeconds, shownEstimate } from '../../state/estimates.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { useRun } from '../studio.ts';
import type { TrainPlan } from './use-train-plan.ts';

const LIST = new Intl.ListFormat('en-GB', { type: 'disjunction' });

function savingWords({ change, to, gpuBytes }: MemorySaving): string {
  const what = {
    recompute: 'less kept between the passes',
    batch: `batch ${to} and more batches a step`,
    size: `${to} px`,
    freezeBackbone: 'a frozen backbone',
  };
  return `${what[change]} (${bytesText(gpuBytes)})`;
}

/** What the run will take, before it starts: measured on a few steps, or known from before. */
export function EstimateCard({ plan, disabled }: { readonly plan: TrainPlan; readonly disabled: boolean }): ReactNode {
  const speeds = useRun((state) => state.speeds);
  const lastKey = useRun((state) => state.lastSpeedKey);
  const estimating = useRun((state) => state.estimating);
  const error = useRun((state) => state.estimateError);
  const estimate = useRun((state) => state.estimate);

  const measuredAs = plan.caseOf(plan.checked);
  const shown = measuredAs === null ? null : shownEstimate(speeds, measuredAs, lastKey);
  // What the form stands for is measured anew, and of the other recipes what is not known yet.
  const starts = plan
    .measurable()
    .filter((start, index) => index === 0 || knownSeconds(speeds, start.measuredAs) === null);
  return (
    <div className="estimate" data-stale={shown?.stale === true}>
      <dl>
        <dt>Takes about</dt>
        <dd>{shown === null ? '–' : durationText(shown.seconds)}</dd>
        <dt>GPU memory</dt>
        <dd>{shown === null || shown.gpuBytes === null ? '–' : bytesText(shown.gpuBytes)}</dd>
      </dl>
      {shown !== null && !shown.stale && shown.savings.length > 0 && (
        <p className="estimate-savings small muted">Less memory with {LIST.format(shown.savings.map(savingWords))}.</p>
      )}
      <div className="estimate-foot">
        <span className="small muted">
          {estimating
            ? 'Taking a few steps'
            : shown === null
              ? 'Not measured yet'
              : shown.stale
                ? 'Of other settings: measure again'
                : 'As measured on this adapter'}
        </span>
        <Button
          variant="default"
          size="compact-sm"
          loading={estimating}
          disabled={disabled || starts.length === 0}
          onClick={() => void estimate(starts)}
        >
          Estimate
        </Button>
      </div>
      {error !== null && <ErrorNote title="This could not be measured" message={error.message} />}
    </div>
  );
}
