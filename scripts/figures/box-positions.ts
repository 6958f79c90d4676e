import type { Spec } from 'vega';
import { CENTRE_CELLS, type SetStatistics } from '../../src/state/set-statistics.ts';
import { whole } from '../../src/ui/numbers.ts';
import { COLOURS, drawFigure, type Figure } from './figure.ts';

const EDGE = 26;

/** Where in their pictures the centres of boxes lie, the fuller the darker. */
export function boxPositions({ centres }: SetStatistics): Promise<Figure> {
  const most = Math.max(1, ...centres);
  const total = centres.reduce((sum, count) => sum + count, 0);
  const places = [...Array(CENTRE_CELLS).keys()];
  const spec: Spec = {
    width: CENTRE_CELLS * EDGE,
    height: CENTRE_CELLS * EDGE,
    data: [
      {
        name: 'cells',
        values: centres.map((count, cell) => ({
          count,
          column: cell % CENTRE_CELLS,
          row: Math.floor(cell / CENTRE_CELLS),
        })),
      },
    ],
    scales: [
      { name: 'x', type: 'band', domain: places, range: 'width' },
      { name: 'y', type: 'band', domain: places, range: 'height' },
      { name: 'xShare', type: 'linear', domain: [0, 1], range: 'width' },
      { name: 'yShare', type: 'linear', domain: [0, 1], range: [0, { signal: 'height' }] },
      {
        name: 'colour',
        type: 'linear',
        domain: [0, most],
        range: [COLOURS['--d-soft'], COLOURS['--d-accent']],
        interpolate: 'rgb',
      },
    ],
    axes: [
      { scale: 'xShare', orient: 'bottom', title: 'from left to right', format: '.0%', tickCount: 4, domain: false },
      { scale: 'yShare', orient: 'left', title: 'from top to bottom', format: '.0%', tickCount: 4, domain: false },
    ],
    legends: [
      {
        fill: 'colour',
        type: 'gradient',
        orient: 'right',
        title: 'boxes',
        gradientLength: 200,
        tickCount: 4,
        tickMinStep: 1,
      },
    ],
    marks: [
      {
        type: 'rect',
        from: { data: 'cells' },
        encode: {
          enter: {
            x: { scale: 'x', field: 'column' },
            y: { scale: 'y', field: 'row' },
            width: { scale: 'x', band: 1 },
            height: { scale: 'y', band: 1 },
            fill: { scale: 'colour', field: 'count' },
            // Neighbours of one colour show no seam.
            stroke: { scale: 'colour', field: 'count' },
            strokeWidth: { value: 0.5 },
          },
        },
      },
    ],
  };
  return drawFigure({
    name: 'box-positions',
    title: 'Box positions',
    sentence: `Where the centres of ${whole(total)} boxes lie in their pictures, on ${CENTRE_CELLS} by ${CENTRE_CELLS} cells; the fullest holds ${whole(total === 0 ? 0 : most)}.`,
    note: `centres of ${whole(total)} boxes, the fuller the darker`,
    spec,
  });
}
