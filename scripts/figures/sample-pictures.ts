import type { DataSet } from '../../src/data/types.ts';
import { whole } from '../../src/ui/numbers.ts';
import type { CommandContext } from '../cli/run-command.ts';
import type { Figure } from './figure.ts';
import { pictureSheet } from './picture-sheet.ts';
import { readPictures, spread } from './read-pictures.ts';

const SHOWN = 16;

/** A sheet of labelled pictures with their boxes, evenly over the set; null where there is none that can be read. */
export async function samplePictures(dataSet: DataSet, context: CommandContext): Promise<Figure | null> {
  const labelled = dataSet.samples.filter((sample) => sample.labelled);
  const chosen = spread(labelled, SHOWN);
  const images = await readPictures(dataSet, chosen, context);
  const pictures = chosen.flatMap(({ id, objects }) => {
    const image = images.get(id);
    if (image === undefined) return [];
    const boxes = objects.map(({ className, boxXyxyPx }) => ({
      text: className,
      labelId: dataSet.classes.indexOf(className),
      boxXyxyPx,
    }));
    return [{ image, caption: id, boxes }];
  });
  if (pictures.length === 0) return null;
  return pictureSheet({
    name: 'pictures',
    title: `Pictures of ${dataSet.name}`,
    sentence: `${pictures.length} pictures of ${dataSet.name} with their boxes.`,
    note: `${pictures.length} of ${whole(labelled.length)} labelled pictures, evenly over the set`,
    pictures,
    classes: dataSet.classes,
  });
}
