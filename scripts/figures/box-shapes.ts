import type { SetStatistics } from '../../src/state/set-statistics.ts';
import { fixed, whole } from '../../src/ui/numbers.ts';
import { drawFigure, type Figure } from './figure.ts';
import { histogramSpec } from './histogram.ts';

/** How wide boxes are for their height. */
export function boxShapes({ aspects, aspectMedian, boxes }: SetStatistics): Promise<Figure> {
  return drawFigure({
    name: 'box-shapes',
    title: 'Box shapes',
    sentence: `Width to height of ${whole(boxes)} boxes; the median is ${fixed(aspectMedian, 2)}.`,
    note: `width to height, median ${fixed(aspectMedian, 2)}`,
    spec: histogramSpec({
      bins: aspects,
      axisTitle: 'width to height',
      counted: 'boxes',
      ticks: [
        { at: -2, text: '1:4' },
        { at: -1, text: '1:2' },
        { at: 0, text: '1:1' },
        { at: 1, text: '2:1' },
        { at: 2, text: '4:1' },
      ],
    }),
  });
}
