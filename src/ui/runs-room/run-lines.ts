import { CLASS_COLOURS } from '../../base/class-colours.ts';
import type { ChartLine } from '../charts/chart-line.ts';

/** More lines over each other could not be told apart. */
export const MOST_COMPARED = 6;

/** Each run that is compared has a colour and a stroke of its own, so that neither has to be seen to tell them apart. */
const DASHES: readonly (readonly number[] | undefined)[] = [undefined, [8, 4], [2, 3], [8, 3, 2, 3], [14, 4], [4, 4]];

/** How the run at this place among those that are compared is drawn. */
export function runLine(place: number, label: string, points = false): ChartLine {
  const dash = DASHES[place % DASHES.length];
  return {
    label,
    colour: CLASS_COLOURS[place % CLASS_COLOURS.length] ?? CLASS_COLOURS[0],
    points,
    ...(dash === undefined ? {} : { dash }),
  };
}
