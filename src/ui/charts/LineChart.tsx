import { type ReactNode, useId, useState } from 'react';
import { type PlotOptions, usePlot } from './use-plot.ts';
import './charts.css';

export interface LineChartProps extends Omit<PlotOptions, 'onPoint'> {
  readonly title: string;
  /** For screen readers: what the chart shows now. */
  readonly sentence: string;
  /** For the values that are written out. */
  readonly format: (value: number) => string;
  /** The words beside the title while no step is pointed at. */
  readonly latest: string;
  /** Beside the title, such as a slider. */
  readonly children?: ReactNode;
}

/** Values over training steps, with a crosshair that all charts share and the values at it written out. */
export function LineChart({ title, sentence, latest, children, ...options }: LineChartProps): ReactNode {
  const { lines, steps, values, heightPx, format } = options;
  const [pointedAt, setPointedAt] = useState<number | null>(null);
  const titleId = useId();
  const holder = usePlot({ ...options, onPoint: setPointedAt });
  const step = pointedAt === null ? undefined : steps[pointedAt];
  const valueAt = (line: number): string => {
    const value = values[line]?.[pointedAt ?? steps.length - 1];
    return value === null || value === undefined ? '' : format(value);
  };
  const named = lines.flatMap((line, index) => (line.faint === true ? [] : [{ ...line, value: valueAt(index) }]));
  const only = named.length === 1 ? named[0] : undefined;
  const there = only === undefined ? `step ${step}` : `${only.value} at step ${step}`;
  return (
    <section className="card chart" aria-labelledby={titleId}>
      <div className="chart-head">
        <h2 id={titleId}>{title}</h2>
        <span className="small muted chart-latest">{step === undefined ? latest : there}</span>
        {children}
        {named.length > 1 && (
          <ul className="chart-legend">
            {named.map(({ label, colour, value }) => (
              <li key={label}>
                <i style={{ background: colour.startsWith('--') ? `var(${colour})` : colour }} />
                {label}
                <b>{value}</b>
              </li>
            ))}
          </ul>
        )}
      </div>
      <p className="only-read-aloud">{sentence}</p>
      <div ref={holder} style={{ height: heightPx }} aria-hidden="true" />
    </section>
  );
}
