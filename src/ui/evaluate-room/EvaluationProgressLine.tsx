import { Progress } from '@mantine/core';
import type { ReactNode } from 'react';
import { durationText } from '../../base/duration-text.ts';
import { whole } from '../numbers.ts';
import { useEvaluation } from '../studio.ts';

/** How far the evaluation is, on a line that keeps its place; `quiet` is said while none goes on. */
export function EvaluationProgressLine({ quiet }: { readonly quiet: string }): ReactNode {
  const progress = useEvaluation((state) => state.progress);
  const known = progress !== null && progress.total > 0;
  const left = progress?.secondsLeft ?? null;
  return (
    <div className="evaluate-progress">
      {progress !== null && (
        <Progress size={4} value={known ? (100 * progress.done) / progress.total : 0} aria-label="Evaluated pictures" />
      )}
      <span className="small muted">
        {progress === null
          ? quiet
          : known
            ? `picture ${whole(progress.done)} of ${whole(progress.total)}${left === null ? '' : `, ${durationText(left)} left`}`
            : 'Opening the weights and the data set'}
      </span>
    </div>
  );
}
