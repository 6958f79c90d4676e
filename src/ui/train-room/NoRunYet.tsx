import type { ReactNode } from 'react';
import { useRun } from '../studio.ts';

/** What stands in place of the charts before the first run: what will be seen here, drawn. */
export function NoRunYet(): ReactNode {
  const elsewhere = useRun((state) => state.elsewhere !== null);
  return (
    <div className="calm">
      <svg width="260" height="150" viewBox="0 0 260 150" fill="none" aria-hidden="true" className="no-run-drawing">
        <path className="line" d="M22 10v112h226" />
        <path className="grid" d="M22 38h226M22 66h226M22 94h226" />
        <path className="curve" d="M24 20c18 4 22 48 46 62s52 18 84 22 60 4 90 5" />
        <path className="curve-two" d="M24 112c30 0 40-10 62-26s44-34 76-42 56-10 82-11" />
        <g transform="translate(150 50)">
          <rect className="paper" width="74" height="56" rx="5" />
          <rect className="truth" x="12" y="14" width="30" height="28" rx="2" />
          <rect className="found" x="15" y="11" width="30" height="28" rx="2" />
          <rect className="truth" x="50" y="24" width="16" height="20" rx="2" />
          <rect className="found-two" x="49" y="26" width="16" height="20" rx="2" />
        </g>
      </svg>
      <h2>{elsewhere ? 'Another tab trains' : 'Nothing has been trained yet'}</h2>
      <p>
        {elsewhere
          ? 'Its curves are drawn there; this tab follows its progress in the line below. When it has ended, the run stands in Runs.'
          : 'Start training fine-tunes the chosen weights on the chosen set, in this tab. The loss, AP50 and what the model sees appear here as it learns.'}
      </p>
    </div>
  );
}
