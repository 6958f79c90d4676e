import type { Spec } from 'vega';
import type { Bin } from '../../src/state/set-statistics.ts';
import { COLOURS, FIGURE_WIDTH } from './figure.ts';
import { gridAxis } from './plot-axes.ts';

export interface HistogramSpec {
  readonly bins: readonly Bin[];
  /** What the values are, below the axis. */
  readonly axisTitle: string;
  /** What is counted, beside the other axis. */
  readonly counted: string;
  /** Marks of the axis with their words. */
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  /** Lines through the bars, with a word each. */
  readonly lines?: readonly { readonly at: number; readonly text: string }[];
}

const MARGIN = 110;

/** Bars of counts over a range, in the page's accent colour. */
export function histogramSpec({ bins, axisTitle, counted, ticks, lines = [] }: HistogramSpec): Spec {
  const from = bins[0]?.from ?? 0;
  const to = bins.at(-1)?.to ?? 1;
  const within = ({ at }: { readonly at: number }) => at >= from && at <= to;
  return {
    width: FIGURE_WIDTH - MARGIN,
    height: 300,
    signals: [{ name: 'words', value: Object.fromEntries(ticks.map(({ at, text }) => [at, text])) }],
    data: [
      { name: 'bins', values: [...bins] },
      { name: 'lines', values: lines.filter(within) },
    ],
    scales: [
      { name: 'x', type: 'linear', domain: [from, to], range: 'width' },
      {
        name: 'y',
        type: 'linear',
        domain: [0, Math.max(1, ...bins.map(({ count }) => count))],
        nice: 5,
        range: 'height',
      },
    ],
    axes: [
      {
        scale: 'x',
        orient: 'bottom',
        title: axisTitle,
        values: ticks.filter(within).map(({ at }) => at),
        labelOverlap: false,
        encode: { labels: { update: { text: { signal: 'words[datum.value]' } } } },
      },
      gridAxis(counted, { tickCount: 5, tickMinStep: 1, format: ',d' }),
    ],
    marks: [
      {
        type: 'rect',
        from: { data: 'bins' },
        encode: {
          enter: {
            x: { scale: 'x', field: 'from', offset: 1 },
            x2: { scale: 'x', field: 'to', offset: -1 },
            y: { scale: 'y', field: 'count' },
            y2: { scale: 'y', value: 0 },
            fill: { value: COLOURS['--d-accent'] },
          },
        },
      },
      {
        type: 'rule',
        from: { data: 'lines' },
        encode: {
          enter: {
            x: { scale: 'x', field: 'at' },
            y: { value: 0 },
            y2: { signal: 'height' },
            stroke: { value: COLOURS['--d-text'] },
            strokeDash: { value: [3, 4] },
          },
        },
      },
      {
        type: 'text',
        from: { data: 'lines' },
        encode: {
          enter: {
            x: { scale: 'x', field: 'at' },
            align: { value: 'center' },
            y: { value: -5 },
            text: { field: 'text' },
          },
        },
      },
    ],
  };
}
