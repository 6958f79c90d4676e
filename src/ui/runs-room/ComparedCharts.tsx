import { type ReactNode, useMemo } from 'react';
import type { RunHistory } from '../../rpc/protocol.ts';
import type { ChartLine, XName } from '../charts/chart-line.ts';
import { LineChart } from '../charts/LineChart.tsx';
import { scientific, threeFigures, twoDigits } from '../numbers.ts';
import { usePreferences } from '../studio.ts';
import { comparedCurves, describeCompared } from './compared-curves.ts';
import { runLine } from './run-lines.ts';

export interface ComparedChartsProps {
  readonly histories: readonly RunHistory[];
  /** The place of each among the runs that are compared, which gives it its colour. */
  readonly places: readonly number[];
  readonly xName: XName;
}

const LOSS_PX = 220;
const SMALL_PX = 140;

/** The curves of several runs over each other: loss, AP50, AP, learning rate. */
export function ComparedCharts({ histories, places, xName }: ComparedChartsProps): ReactNode {
  const smoothing = usePreferences((state) => state.smoothing);
  const curves = useMemo(() => comparedCurves(histories, xName, smoothing), [histories, xName, smoothing]);
  // New lines make a new plot: names and places, not the curves, decide on them.
  const key = JSON.stringify(histories.map(({ summary }, index) => [places[index] ?? index, summary.name]));
  const { lines, pointed } = useMemo(() => {
    const named: readonly (readonly [number, string])[] = JSON.parse(key);
    const make = (points: boolean): readonly ChartLine[] => named.map(([place, name]) => runLine(place, name, points));
    return { lines: make(false), pointed: make(true) };
  }, [key]);
  const names = histories.map(({ summary }) => summary.name);
  const shared = { xName, lastStep: curves.last, latest: '' };
  const small = { ...shared, heightPx: SMALL_PX, shortLegend: true };
  const score = { ...small, lines: pointed, top: 1, format: twoDigits, tick: threeFigures };
  return (
    <>
      <LineChart
        {...shared}
        title="Loss"
        sentence={describeCompared('Smoothed loss', names, curves.loss, twoDigits)}
        latest={smoothing === 0 ? '' : 'smoothed'}
        lines={lines}
        steps={curves.loss.at}
        values={curves.loss.values}
        heightPx={LOSS_PX}
        top={null}
        format={twoDigits}
        tick={threeFigures}
      />
      <div className="compared-small">
        <LineChart
          {...score}
          title="AP50"
          sentence={describeCompared('AP50', names, curves.ap50, twoDigits)}
          steps={curves.ap50.at}
          values={curves.ap50.values}
        />
        <LineChart
          {...score}
          title="AP"
          sentence={describeCompared('AP', names, curves.ap, twoDigits)}
          steps={curves.ap.at}
          values={curves.ap.values}
        />
        <LineChart
          {...small}
          title="Learning rate"
          sentence={describeCompared('Learning rate', names, curves.lr, scientific)}
          lines={lines}
          steps={curves.lr.at}
          values={curves.lr.values}
          top={null}
          format={scientific}
          tick={scientific}
        />
      </div>
    </>
  );
}
