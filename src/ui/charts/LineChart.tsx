import { type ReactNode, useId, useState } from 'react';
import { ChartLegend } from './ChartLegend.tsx';
import { ChartMenu } from './ChartMenu.tsx';
import { valueAround } from './over-each-other.ts';
import { type PlotOptions, usePlot } from './use-plot.ts';
import './charts.css';

export interface LineChartProps extends Omit<PlotOptions, 'onPoint' | 'log'> {
  readonly title: string;
  /** For screen readers: what the chart shows now. */
  readonly sentence: string;
  /** For the values that are written out. */
  readonly format: (value: number) => string;
  /** The words beside the title while no step is pointed at. */
  readonly latest: string;
  /** The legend without names, where a chart beside it has the same lines. */
  readonly shortLegend?: boolean;
  /** Beside the title, such as a slider. */
  readonly children?: ReactNode;
}

/** Values over training steps, with a crosshair that all charts share and the values at it written out. */
export function LineChart({
  title,
  sentence,
  latest,
  shortLegend = false,
  children,
  ...options
}: LineChartProps): ReactNode {
  const { lines, steps, values, heightPx, format, xName = 'step' } = options;
  const [pointedAt, setPointedAt] = useState<number | null>(null);
  const [log, setLog] = useState(false);
  const titleId = useId();
  const holder = usePlot({ ...options, log, onPoint: setPointedAt });
  const step = pointedAt === null ? undefined : steps[pointedAt];
  const valueAt = (line: number): string => {
    const drawn = values[line] ?? [];
    const value = pointedAt === null ? drawn.findLast((other) => other !== null) : valueAround(drawn, pointedAt);
    return value === null || value === undefined ? '' : format(value);
  };
  const named = lines.flatMap((line, index) => (line.faint === true ? [] : [{ ...line, value: valueAt(index) }]));
  const only = named.length === 1 ? named[0] : undefined;
  const place = step === undefined ? '' : `${xName} ${xName === 'step' ? step : step.toFixed(2)}`;
  const there = only === undefined ? place : `${only.value} at ${place}`;
  return (
    <section className="card chart" aria-labelledby={titleId}>
      <div className="chart-head">
        <h2 id={titleId}>{title}</h2>
        <span className="small muted chart-latest">{step === undefined ? latest : there}</span>
        {children}
        {named.length > 1 && <ChartLegend entries={named} short={shortLegend} />}
        <ChartMenu
          title={title}
          log={log}
          onLog={setLog}
          drawing={() => ({
            ...options,
            title,
            sentence,
            xName,
            log,
          })}
        />
      </div>
      <p className="only-read-aloud">{sentence}</p>
      <div ref={holder} style={{ height: heightPx }} aria-hidden="true" />
    </section>
  );
}
