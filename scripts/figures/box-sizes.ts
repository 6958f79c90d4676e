import type { SetStatistics } from '../../src/state/set-statistics.ts';
import { fixed, whole } from '../../src/ui/numbers.ts';
import { drawFigure, type Figure } from './figure.ts';
import { histogramSpec } from './histogram.ts';

/** Bars between two marks of the axis. */
const BARS_A_TICK = 4;

/** How large boxes are in pixels of their pictures, with COCO's bounds of small, medium and large. */
export function boxSizes({ boxSides, boxSideMedian, boxes }: SetStatistics): Promise<Figure> {
  return drawFigure({
    name: 'box-sizes',
    title: 'Box sizes',
    sentence: `The sizes of ${whole(boxes)} boxes; the median is ${fixed(boxSideMedian, 0)} by ${fixed(boxSideMedian, 0)} pixels.`,
    note: `square root of the area, median ${fixed(boxSideMedian, 0)} px; the last bar holds larger ones, too`,
    spec: histogramSpec({
      bins: boxSides,
      axisTitle: 'pixels',
      counted: 'boxes',
      ticks: boxSides
        .filter((_, place) => place % BARS_A_TICK === 0)
        .map(({ from }) => ({ at: from, text: whole(from) })),
      lines: [
        { at: 32, text: 'medium from 32' },
        { at: 96, text: 'large from 96' },
      ],
    }),
  });
}
