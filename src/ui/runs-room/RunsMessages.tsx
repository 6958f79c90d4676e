import { CloseButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { ErrorNote } from '../ErrorNote.tsx';
import { useRuns } from '../studio.ts';

/** What the last thing that was done came to, or why it did not work. */
export function RunsMessages(): ReactNode {
  const outcome = useRuns((state) => state.outcome);
  const actionError = useRuns((state) => state.actionError);
  const error = useRuns((state) => state.error);
  const dismiss = useRuns((state) => state.dismiss);
  return (
    <>
      {error !== null && <ErrorNote title="The list may be out of date" message={error.message} />}
      {actionError !== null && (
        <div className="runs-message">
          <ErrorNote title="That did not work" message={actionError.message} />
          <CloseButton size="sm" aria-label="Put this message away" onClick={dismiss} />
        </div>
      )}
      <div role="status" className={outcome === null ? 'only-read-aloud' : 'runs-message said'}>
        {outcome !== null && (
          <>
            <span>{outcome}</span>
            <CloseButton size="sm" aria-label="Put this message away" onClick={dismiss} />
          </>
        )}
      </div>
    </>
  );
}
