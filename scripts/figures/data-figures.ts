import type { DataSet } from '../../src/data/types.ts';
import { type SetStatistics, setStatistics } from '../../src/state/set-statistics.ts';
import type { CommandContext } from '../cli/run-command.ts';
import { boxPositions } from './box-positions.ts';
import { boxShapes } from './box-shapes.ts';
import { boxSizes } from './box-sizes.ts';
import { boxesPerPicture } from './boxes-per-picture.ts';
import { classHistogram } from './class-histogram.ts';
import type { Figure, LeftOut } from './figure.ts';
import { pictureSizes } from './picture-sizes.ts';
import { samplePictures } from './sample-pictures.ts';

/** What is drawn of a data set. */
export interface DrawnData {
  readonly statistics: SetStatistics;
  readonly figures: readonly Figure[];
  readonly leftOut: readonly LeftOut[];
}

/** Draws a data set, the same figures as the page's; those of boxes are left out where it has none. */
export async function drawData(dataSet: DataSet, context: CommandContext): Promise<DrawnData> {
  const statistics = setStatistics({ ...dataSet, id: '' });
  const figures: Figure[] = [];
  const leftOut: LeftOut[] = [];
  if (statistics.boxes > 0) {
    figures.push(
      await classHistogram(statistics),
      await boxSizes(statistics),
      await boxShapes(statistics),
      await boxPositions(statistics),
    );
  } else {
    const reason = 'No picture has a box.';
    for (const name of ['classes', 'box-sizes', 'box-shapes', 'box-positions'] as const) leftOut.push({ name, reason });
  }
  figures.push(await boxesPerPicture(dataSet.samples), await pictureSizes(dataSet.samples));
  const sheet = await samplePictures(dataSet, context);
  if (sheet !== null) figures.push(sheet);
  else leftOut.push({ name: 'pictures', reason: 'No labelled picture could be read.' });
  return { statistics, figures, leftOut };
}
