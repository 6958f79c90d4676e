import type { ReactNode } from 'react';
import type { Bin } from '../../state/set-statistics.ts';
import { whole } from '../numbers.ts';

export interface HistogramProps {
  readonly title: string;
  /** Beside the title, such as a median. */
  readonly note: string;
  readonly bins: readonly Bin[];
  /** Marks below the bars, at values of the axis. */
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  /** Lines through the bars, with a word each. */
  readonly lines?: readonly { readonly at: number; readonly text: string }[];
  /** A bar's range in words, for the pointer. */
  readonly rangeText: (bin: Bin) => string;
  /** The whole chart in a sentence. */
  readonly sentence: string;
}

/** Bars of counts over a range, in the accent colour. */
export function Histogram({ title, note, bins, ticks, lines = [], rangeText, sentence }: HistogramProps): ReactNode {
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const from = bins[0]?.from ?? 0;
  const to = bins.at(-1)?.to ?? 1;
  const left = (at: number): string => `${(100 * (at - from)) / (to - from)}%`;
  return (
    <figure className="card histogram" aria-label={title}>
      <figcaption>
        <h2>{title}</h2> <span className="small muted">{note}</span>
      </figcaption>
      <p className="only-read-aloud">{sentence}</p>
      <div className="histogram-plot" aria-hidden="true">
        <span className="histogram-most">{whole(most)}</span>
        <svg viewBox={`0 0 ${bins.length} 100`} preserveAspectRatio="none" aria-hidden="true">
          {bins.map((bin, place) => (
            <g key={bin.from}>
              <rect x={place + 0.06} width={0.88} y={100 - (88 * bin.count) / most} height={(88 * bin.count) / most} />
              <rect className="histogram-touch" x={place} width={1} y={0} height={100}>
                <title>{`${rangeText(bin)}: ${whole(bin.count)}`}</title>
              </rect>
            </g>
          ))}
        </svg>
        {lines
          .filter(({ at }) => at > from && at < to)
          .map(({ at, text }) => (
            <span
              key={text}
              className="histogram-line"
              style={{ left: left(at) }}
              data-end={at - from > 0.7 * (to - from) ? 'right' : undefined}
            >
              <span>{text}</span>
            </span>
          ))}
      </div>
      <div className="histogram-ticks" aria-hidden="true">
        {ticks
          .filter(({ at }) => at >= from && at <= to)
          .map(({ at, text }) => (
            <span
              key={text}
              style={{ left: left(at) }}
              data-end={at === from ? 'left' : at === to ? 'right' : undefined}
            >
              {text}
            </span>
          ))}
      </div>
    </figure>
  );
}
