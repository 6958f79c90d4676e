import { type RefObject, useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

/** How one line of a chart looks; to be a constant of its module, since a new one makes a new plot. */
export interface ChartLine {
  readonly label: string;
  /** `#rrggbb`, or the name of one of the page's colours, such as `--d-text`. */
  readonly colour: string;
  /** Drawn thin and pale, without an entry in the legend. */
  readonly faint?: boolean;
  readonly points?: boolean;
}

export interface PlotOptions {
  readonly lines: readonly ChartLine[];
  readonly steps: readonly number[];
  /** For each line one value a step; null where there is none. */
  readonly values: readonly (readonly (number | null)[])[];
  /** The last step of the run: the axis has its full length from the start, so that nothing moves. */
  readonly lastStep: number;
  readonly heightPx: number;
  /** The top of the y axis, or null for the highest value. */
  readonly top: number | null;
  /** For the numbers along the y axis. */
  readonly tick: (value: number) => string;
  /** Told the index of the step that is pointed at in any chart, or null. */
  readonly onPoint: (index: number | null) => void;
}

/** All charts point at the same step. */
const CROSSHAIR = uPlot.sync('step');

/** A colour as the canvas needs it, in the theme of this moment. */
function colourOf(name: string): string {
  return name.startsWith('--') ? getComputedStyle(document.documentElement).getPropertyValue(name).trim() : name;
}

/** Keeps a uPlot in the element of the returned reference; new values are only handed to it. */
export function usePlot(options: PlotOptions): RefObject<HTMLDivElement | null> {
  const { lines, steps, values, lastStep, heightPx, top, tick, onPoint } = options;
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);

  const data = useMemo<uPlot.AlignedData>(() => [[...steps], ...values.map((line) => [...line])], [steps, values]);
  const firstData = useRef(data);
  firstData.current = data;

  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const widthPx = (): number => Math.max(element.clientWidth, 40);
    const axis: uPlot.Axis = {
      stroke: () => colourOf('--d-muted'),
      font: '11px system-ui, sans-serif',
      ticks: { show: false },
    };
    const made = new uPlot(
      {
        width: widthPx(),
        height: heightPx,
        padding: [8, 10, 0, 0],
        legend: { show: false },
        cursor: {
          sync: { key: CROSSHAIR.key, scales: ['x', null] },
          drag: { x: false, y: false },
          y: false,
          points: { size: (_, series) => (lines[series - 1]?.faint === true ? 0 : 6) },
        },
        scales: {
          x: { time: false, range: [0, lastStep] },
          y: { range: (_, __, max) => [0, top ?? (Number.isFinite(max) && max > 0 ? max * 1.06 : 1)] },
        },
        axes: [
          {
            ...axis,
            grid: { show: false },
            size: 22,
            space: 60,
            incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000],
          },
          {
            ...axis,
            grid: { stroke: () => colourOf('--d-line'), width: 1 },
            size: 48,
            space: 26,
            values: (_, ticks) => ticks.map(tick),
          },
        ],
        series: [
          {},
          ...lines.map(
            ({ label, colour, faint = false, points = false }): uPlot.Series => ({
              label,
              stroke: () => `${colourOf(colour)}${faint ? '48' : ''}`,
              width: faint ? 1 : 2,
              spanGaps: true,
              points: { show: points, size: 7, fill: () => colourOf(colour) },
            }),
          ),
        ],
        hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
      },
      firstData.current,
      element,
    );
    plot.current = made;
    const sizeWatcher = new ResizeObserver(() => made.setSize({ width: widthPx(), height: heightPx }));
    sizeWatcher.observe(element);
    const themeWatcher = new MutationObserver(() => made.redraw(false));
    themeWatcher.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] });
    return () => {
      sizeWatcher.disconnect();
      themeWatcher.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [lines, lastStep, heightPx, top, tick, onPoint]);

  useEffect(() => {
    plot.current?.setData(data);
  }, [data]);

  return holder;
}
