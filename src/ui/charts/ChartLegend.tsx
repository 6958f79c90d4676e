import type { ReactNode } from 'react';
import type { ChartLine } from './chart-line.ts';
import { cssColour } from './page-colour.ts';

export interface ChartLegendProps {
  /** With the value that is written behind each name. */
  readonly entries: readonly (ChartLine & { readonly value: string })[];
  /** Without the names, where another chart beside it has them; they are still read aloud. */
  readonly short: boolean;
}

/** What each line is, in its own stroke, and its value where one points. */
export function ChartLegend({ entries, short }: ChartLegendProps): ReactNode {
  return (
    <ul className="chart-legend" data-short={short}>
      {entries.map(({ label, colour, dash, value }) => (
        // Two runs may have the same name, and never the same colour.
        <li key={`${colour} ${label}`} title={label}>
          <svg width={dash === undefined ? 10 : 22} height="4" aria-hidden="true">
            <path d="M0 2h22" stroke={cssColour(colour)} strokeWidth="3" strokeDasharray={dash?.join(' ')} />
          </svg>
          <span className={short ? 'only-read-aloud' : 'chart-name'}>{label}</span>
          <b>{value}</b>
        </li>
      ))}
    </ul>
  );
}
