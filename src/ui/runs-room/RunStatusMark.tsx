import type { ReactNode } from 'react';
import type { RunStatus } from '../../rpc/protocol.ts';

const WORDS: Readonly<Record<RunStatus, string>> = {
  // Paused ones too.
  going: 'Going on',
  interrupted: 'Interrupted',
  done: 'Finished',
  stopped: 'Stopped',
  failed: 'Failed',
};

/** A shape a status, so that the colour need not be seen. */
const SHAPES: Readonly<Record<RunStatus, ReactNode>> = {
  going: <path d="M3 1.8v8.4l7-4.2z" fill="currentColor" />,
  interrupted: <path d="M6 1.2 11 10.5H1zM6 4.6v3M6 8.6v.4" fill="none" />,
  done: <path d="m1.8 6.4 2.8 2.8 5.6-6.2" fill="none" />,
  stopped: <rect x="2.2" y="2.2" width="7.6" height="7.6" rx="1" fill="none" />,
  failed: <path d="m2.4 2.4 7.2 7.2M9.6 2.4 2.4 9.6" fill="none" />,
};

/** How a run stands, as a shape and a word. */
export function RunStatusMark({ status }: { readonly status: RunStatus }): ReactNode {
  return (
    <span className="run-status" data-status={status}>
      <svg width="12" height="12" viewBox="0 0 12 12" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
        {SHAPES[status]}
      </svg>
      {WORDS[status]}
    </span>
  );
}
