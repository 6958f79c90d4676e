import { appendTo } from '../base/append-to.ts';
import type { DataSetIndex } from '../rpc/protocol.ts';

/** One bar of a histogram: values from `from` up to `to`. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

export interface ClassCount {
  readonly name: string;
  readonly labelId: number;
  readonly boxes: number;
  /** Boxes by split, in the order of `SetStatistics.splits`. */
  readonly boxesBySplit: readonly number[];
  /** Pictures with at least one such box. */
  readonly pictures: number;
}

export interface SetStatistics {
  readonly pictures: number;
  readonly boxes: number;
  /** Labelled pictures without a box. */
  readonly empty: number;
  readonly unlabelled: number;
  readonly difficult: number;
  readonly truncated: number;
  readonly splits: readonly string[];
  readonly classes: readonly ClassCount[];
  /** Square roots of the boxes' areas in pixels of their pictures. */
  readonly boxSides: readonly Bin[];
  readonly boxSideMedian: number | null;
  /** Width by height, as a power of two: 1 is twice as wide as high. */
  readonly aspects: readonly Bin[];
  readonly aspectMedian: number | null;
  /** Boxes a picture, of labelled pictures. */
  readonly perPicture: readonly Bin[];
  /** Whether the last bar of `perPicture` holds pictures with more boxes, too. */
  readonly perPictureCut: boolean;
  /** Centres of boxes, `CENTRE_CELLS` rows of as many cells from the top left corner. */
  readonly centres: readonly number[];
}

export const CENTRE_CELLS = 16;
const SIDE_BARS = 24;
const LEAST_PER_PICTURE = 5;
const MOST_PER_PICTURE = 12;

/** What a person wants to know of a set before training on it. */
export function setStatistics({ samples, classes, splits }: DataSetIndex): SetStatistics {
  const splitNames = trainFirst(Object.keys(splits));
  const splitsOf = new Map<string, number[]>();
  splitNames.forEach((name, place) => {
    for (const id of splits[name] ?? []) appendTo(splitsOf, id, place);
  });
  const counts = classes.map((name, labelId) => ({
    name,
    labelId,
    boxes: 0,
    pictures: 0,
    boxesBySplit: splitNames.map(() => 0),
  }));
  const byName = new Map(counts.map((count) => [count.name, count]));
  const sides: number[] = [];
  const aspects: number[] = [];
  const perPicture: number[] = [];
  const centres = new Array<number>(CENTRE_CELLS * CENTRE_CELLS).fill(0);
  const marks = { empty: 0, unlabelled: 0, difficult: 0, truncated: 0 };

  for (const { id, size, objects, labelled } of samples) {
    if (!labelled) marks.unlabelled += 1;
    else perPicture.push(objects.length);
    if (labelled && objects.length === 0) marks.empty += 1;
    for (const name of new Set(objects.map(({ className }) => className))) {
      const count = byName.get(name);
      if (count !== undefined) count.pictures += 1;
    }
    for (const { className, boxXyxyPx, difficult, truncated } of objects) {
      const [x0, y0, x1, y1] = boxXyxyPx;
      if (difficult) marks.difficult += 1;
      if (truncated) marks.truncated += 1;
      const count = byName.get(className);
      if (count !== undefined) {
        count.boxes += 1;
        for (const place of splitsOf.get(id) ?? []) count.boxesBySplit[place] = (count.boxesBySplit[place] ?? 0) + 1;
      }
      const cell = cellOf((y0 + y1) / 2 / size.h) * CENTRE_CELLS + cellOf((x0 + x1) / 2 / size.w);
      centres[cell] = (centres[cell] ?? 0) + 1;
      if (x1 > x0 && y1 > y0) {
        sides.push(Math.sqrt((x1 - x0) * (y1 - y0)));
        aspects.push(Math.log2((x1 - x0) / (y1 - y0)));
      }
    }
  }

  const mostBoxes = perPicture.reduce((most, count) => Math.max(most, count), 0);
  const sideStep = niceStep(Math.max(1, ...quantiles(sides, [0.99])), SIDE_BARS);
  return {
    ...marks,
    pictures: samples.length,
    boxes: counts.reduce((sum, { boxes }) => sum + boxes, 0),
    splits: splitNames,
    classes: counts,
    boxSides: bins(sides, 0, sideStep, SIDE_BARS),
    boxSideMedian: median(sides),
    aspects: bins(aspects, -2.625, 0.25, 21),
    aspectMedian: aspects.length === 0 ? null : 2 ** (median(aspects) ?? 0),
    perPicture: bins(perPicture, 0, 1, Math.min(MOST_PER_PICTURE, Math.max(LEAST_PER_PICTURE, mostBoxes)) + 1),
    perPictureCut: mostBoxes > MOST_PER_PICTURE,
    centres,
  };
}

function cellOf(fraction: number): number {
  return Math.min(CENTRE_CELLS - 1, Math.max(0, Math.floor(fraction * CENTRE_CELLS)));
}

/** What lies beyond either end is counted in the bar there. */
function bins(values: readonly number[], from: number, step: number, bars: number): Bin[] {
  const counts = new Array<number>(bars).fill(0);
  for (const value of values) {
    const bar = Math.min(bars - 1, Math.max(0, Math.floor((value - from) / step)));
    counts[bar] = (counts[bar] ?? 0) + 1;
  }
  return counts.map((count, bar) => ({ from: from + bar * step, to: from + (bar + 1) * step, count }));
}

/** The least round number of which `bars` reach as far as `top`. */
function niceStep(top: number, bars: number): number {
  const least = top / bars;
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 4, 5, 10].map((factor) => factor * power).find((step) => step >= least) ?? 10 * power;
}

function quantiles(values: readonly number[], at: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return at.map((part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 1);
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/** Train, then val, then what else there is, by name; what holds them both comes last. */
export function trainFirst(splits: readonly string[]): string[] {
  const order = ['train', 'val', 'test'];
  const rank = (name: string): number => {
    if (name === 'trainval') return order.length + 1;
    const place = order.indexOf(name);
    return place < 0 ? order.length : place;
  };
  return [...splits].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}
