import { type RefObject, useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { ChartData, ChartLine, XName } from './chart-line.ts';
import { colourOf } from './page-colour.ts';
import { valueRange } from './scales.ts';
import { whileVisible } from './while-visible.ts';

export type { ChartLine };

export interface PlotOptions extends ChartData {
  /** The last step of the run: the axis has its full length from the start, so that nothing moves. */
  readonly lastStep: number;
  readonly heightPx: number;
  /** The top of the y axis, or null for the highest value. */
  readonly top: number | null;
  /** For the numbers along the y axis. */
  readonly tick: (value: number) => string;
  /** What the x axis counts; steps unless said otherwise. */
  readonly xName?: XName;
  /** True for a logarithmic y axis, on which what is not positive does not stand. */
  readonly log?: boolean;
  /** Told the index of the step that is pointed at in any chart, or null. */
  readonly onPoint: (index: number | null) => void;
}

const WHOLE_INCREMENTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];
const PARTS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5];
const EPOCH_INCREMENTS = [...PARTS, ...WHOLE_INCREMENTS];
const LOG_SCALE = 3;

/** Keeps a uPlot in the element of the returned reference; new values are only handed to it, and drawn when it can be seen. */
export function usePlot(options: PlotOptions): RefObject<HTMLDivElement | null> {
  const { lines, steps, values, lastStep, heightPx, top, tick, xName = 'step', log = false, onPoint } = options;
  const holder = useRef<HTMLDivElement>(null);
  const show = useRef<(() => void) | null>(null);

  const data = useMemo(() => plotData(steps, values, log), [steps, values, log]);
  const newest = useRef(data);
  newest.current = data;

  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const widthPx = (): number => Math.max(element.clientWidth, 40);
    const axis: uPlot.Axis = {
      stroke: () => colourOf('--d-muted'),
      font: '11px system-ui, sans-serif',
      ticks: { show: false },
    };
    // All charts over the same axis point at the same place.
    const crosshair = uPlot.sync(xName);
    const made = new uPlot(
      {
        width: widthPx(),
        height: heightPx,
        padding: [8, 10, 0, 0],
        legend: { show: false },
        cursor: {
          sync: { key: crosshair.key, scales: ['x', null] },
          drag: { x: false, y: false },
          y: false,
          points: { size: (_, series) => (lines[series - 1]?.faint === true ? 0 : 6) },
        },
        scales: {
          x: { time: false, range: [0, lastStep] },
          y: {
            ...(log ? { distr: LOG_SCALE } : {}),
            range: (_, min, max) => {
              const { from, to } = valueRange(min, max, top, log);
              return [from, to];
            },
          },
        },
        axes: [
          {
            ...axis,
            grid: { show: false },
            size: 22,
            space: 60,
            incrs: xName === 'step' ? WHOLE_INCREMENTS : EPOCH_INCREMENTS,
          },
          {
            ...axis,
            grid: { stroke: () => colourOf('--d-line'), width: 1 },
            size: 48,
            space: 26,
            // A logarithmic axis asks for the ticks between with null: they have a line and no number.
            values: (_, ticks: readonly (number | null)[]) => ticks.map((value) => (value === null ? '' : tick(value))),
          },
        ],
        series: [
          {},
          ...lines.map(
            ({ label, colour, faint = false, points = false, dash }): uPlot.Series => ({
              label,
              stroke: () => `${colourOf(colour)}${faint ? '48' : ''}`,
              width: faint ? 1 : 2,
              spanGaps: true,
              points: { show: points, size: 7, fill: () => colourOf(colour) },
              ...(dash === undefined ? {} : { dash: [...dash] }),
            }),
          ),
        ],
        hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
      },
      newest.current,
      element,
    );
    let drawn = newest.current;
    const visibility = whileVisible(element, () => {
      if (drawn === newest.current) return;
      drawn = newest.current;
      made.setData(drawn);
    });
    show.current = visibility.show;
    const sizeWatcher = new ResizeObserver(() => {
      if (element.clientWidth > 0) made.setSize({ width: widthPx(), height: heightPx });
    });
    sizeWatcher.observe(element);
    const themeWatcher = new MutationObserver(() => made.redraw(false));
    themeWatcher.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] });
    return () => {
      sizeWatcher.disconnect();
      themeWatcher.disconnect();
      visibility.end();
      made.destroy();
      show.current = null;
    };
  }, [lines, lastStep, heightPx, top, tick, xName, log, onPoint]);

  useEffect(() => {
    if (data.length > 0) show.current?.();
  }, [data]);

  return holder;
}

/** As uPlot wants it, which reads the arrays and never writes into them. */
function plotData(steps: ChartData['steps'], values: ChartData['values'], log: boolean): uPlot.AlignedData {
  const positive = (value: number | null): number | null => (value !== null && value > 0 ? value : null);
  const drawn = log ? values.map((line) => line.map(positive)) : values;
  return [steps as number[], ...(drawn as (number | null)[][])];
}
