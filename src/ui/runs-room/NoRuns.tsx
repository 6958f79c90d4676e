import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';

/** So high is a drawn row. */
const ROW = 34;
/** A falling loss a row, and how long the name beside it is. */
const ROWS = [
  { key: 'first', nameWidth: 52, curve: 'c14 2 18 14 34 16s26 2 56 3' },
  { key: 'second', nameWidth: 38, curve: 'c10 8 22 10 38 12s30 5 52 6' },
  { key: 'third', nameWidth: 46, curve: 'c20 0 22 17 42 18s24 1 48 1' },
];

/** What stands here before the first run: what a run is, drawn and in words, and where one is begun. */
export function NoRuns(): ReactNode {
  return (
    <div className="calm">
      <svg
        className="no-runs-drawing"
        width={220}
        height={ROWS.length * ROW}
        viewBox={`0 0 220 ${ROWS.length * ROW}`}
        fill="none"
        aria-hidden="true"
      >
        {ROWS.map(({ key, nameWidth, curve }, row) => (
          <g key={key} transform={`translate(0 ${row * ROW})`} data-first={row === 0}>
            <path className="rule" d={`M0 ${ROW - 1}h220`} />
            <rect className="mark" x={4} y={10} width={12} height={12} rx={3} />
            <path className="name" d={`M28 16h${nameWidth}`} />
            <path className="curve" d={`M120 6${curve}`} />
          </g>
        ))}
      </svg>
      <h1>No runs yet</h1>
      <p>
        A run is one training from its first step to its last: its settings, its curves and its weights. Each is kept
        here, in this browser, to be compared, gone on with and tried.
      </p>
      <Button component={Link} href="/train" variant="default" mt={8}>
        Train one
      </Button>
    </div>
  );
}
