import type { Spec } from 'vega';
import { classColour } from '../../src/base/class-colours.ts';
import type { SetStatistics } from '../../src/state/set-statistics.ts';
import { whole } from '../../src/ui/numbers.ts';
import { COLOURS, drawFigure, FIGURE_WIDTH, type Figure } from './figure.ts';

const MARGIN = 190;
const ROW = 22;
/** More panels beside each other could not be read. */
const MOST_SPLITS = 4;

/** Boxes by class, the most frequent first, a panel a split, in the colours of the classes. */
export function classHistogram({ classes, splits, boxes }: SetStatistics): Promise<Figure> {
  // What holds the others shows nothing new.
  const own = splits.flatMap((split, place) => (split === 'trainval' && splits.length > 1 ? [] : [{ split, place }]));
  const panels = own.slice(0, MOST_SPLITS);
  const sorted = classes.toSorted((a, b) => b.boxes - a.boxes);
  const bars = panels.flatMap(({ split, place }) =>
    sorted.map(({ labelId, boxesBySplit }) => ({
      split,
      labelId,
      count: boxesBySplit[place] ?? 0,
      text: whole(boxesBySplit[place] ?? 0),
      colour: classColour(labelId),
    })),
  );
  const left = own.length - panels.length;
  const spec: Spec = {
    width: FIGURE_WIDTH - MARGIN,
    height: Math.max(1, sorted.length) * ROW,
    signals: [{ name: 'names', value: Object.fromEntries(classes.map(({ labelId, name }) => [labelId, name])) }],
    data: [{ name: 'bars', values: bars }],
    scales: [
      {
        name: 'panel',
        type: 'band',
        domain: panels.map(({ split }) => split),
        range: 'width',
        paddingInner: 0.06,
      },
      { name: 'y', type: 'band', domain: sorted.map(({ labelId }) => labelId), range: 'height', paddingInner: 0.25 },
      {
        name: 'x',
        type: 'linear',
        domain: [0, Math.max(1, ...bars.map(({ count }) => count))],
        // Room for the number after the longest bar.
        range: [0, { signal: "max(1, bandwidth('panel') - 50)" }],
      },
    ],
    axes: [
      {
        scale: 'y',
        orient: 'left',
        domain: false,
        ticks: false,
        labelPadding: 8,
        labelLimit: 140,
        labelOverlap: false,
        encode: {
          labels: { update: { text: { signal: 'names[datum.value]' }, fill: { value: COLOURS['--d-text'] } } },
        },
      },
    ],
    marks: [
      {
        type: 'group',
        from: { facet: { name: 'own', data: 'bars', groupby: 'split' } },
        encode: { enter: { x: { scale: 'panel', field: 'split' }, height: { signal: 'height' } } },
        marks: [
          {
            type: 'text',
            encode: {
              enter: {
                x: { value: 0 },
                y: { value: -9 },
                text: { signal: 'parent.split' },
                fontWeight: { value: 600 },
                fill: { value: COLOURS['--d-text'] },
              },
            },
          },
          {
            type: 'rect',
            from: { data: 'own' },
            encode: {
              enter: {
                x: { value: 0 },
                x2: { scale: 'x', field: 'count' },
                y: { scale: 'y', field: 'labelId' },
                height: { scale: 'y', band: 1 },
                fill: { field: 'colour' },
              },
            },
          },
          {
            type: 'text',
            from: { data: 'own' },
            encode: {
              enter: {
                x: { scale: 'x', field: 'count', offset: 5 },
                y: { scale: 'y', field: 'labelId', band: 0.5 },
                baseline: { value: 'middle' },
                text: { field: 'text' },
              },
            },
          },
        ],
      },
    ],
  };
  return drawFigure({
    name: 'classes',
    title: 'Classes',
    sentence: `${whole(boxes)} boxes of ${whole(classes.length)} classes, by split: ${sorted.map(({ name, boxes: count }) => `${name} ${whole(count)}`).join(', ')}.`,
    note: `${whole(boxes)} boxes of ${whole(classes.length)} classes, by split${
      left > 0
        ? `; not shown: ${own
            .slice(MOST_SPLITS)
            .map(({ split }) => split)
            .join(', ')}`
        : ''
    }`,
    spec,
  });
}
