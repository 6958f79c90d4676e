import type { Sample } from '../../src/data/types.ts';
import { fixed, whole } from '../../src/ui/numbers.ts';
import { drawFigure, type Figure } from './figure.ts';
import { histogramSpec } from './histogram.ts';

const MOST_BARS = 24;
/** Each takes so many numbers of boxes together. */
const STEPS = [1, 2, 5, 10, 20, 50, 100];

/** How many boxes a labelled picture has, up to the fullest one. */
export function boxesPerPicture(samples: readonly Sample[]): Promise<Figure> {
  const counts = samples.filter(({ labelled }) => labelled).map(({ objects }) => objects.length);
  const most = counts.reduce((high, count) => Math.max(high, count), 0);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const step = STEPS.find((size) => most < size * MOST_BARS) ?? Math.ceil((most + 1) / MOST_BARS);
  const bins = Array.from({ length: Math.floor(most / step) + 1 }, (_, place) => ({
    from: place * step,
    to: (place + 1) * step,
    count: 0,
  }));
  for (const count of counts) {
    const bin = bins[Math.floor(count / step)];
    if (bin !== undefined) bin.count += 1;
  }
  const empty = counts.filter((count) => count === 0).length;
  const mean = fixed(total / Math.max(1, counts.length), 1);
  return drawFigure({
    name: 'boxes-per-picture',
    title: 'Boxes per picture',
    sentence: `A labelled picture has ${mean} boxes on average, the fullest ${whole(most)}; ${whole(empty)} have none.`,
    note: `mean ${mean}, at most ${whole(most)}; ${whole(empty)} of ${whole(counts.length)} labelled pictures have none`,
    spec: histogramSpec({
      bins,
      axisTitle: 'boxes',
      counted: 'pictures',
      ticks: bins.map(({ from, to }) => ({
        at: (from + to) / 2,
        text: step === 1 ? whole(from) : `${whole(from)}–${whole(to - 1)}`,
      })),
    }),
  });
}
