import { labelText } from '../../src/base/box-strokes.ts';
import type { DataSet } from '../../src/data/types.ts';
import { EVAL_SPLIT } from '../../src/train/splits.ts';
import type { EvalPicture } from '../../src/train/types.ts';
import { fixed, whole } from '../../src/ui/numbers.ts';
import type { CommandContext } from '../cli/run-command.ts';
import type { Figure } from './figure.ts';
import { pictureSheet } from './picture-sheet.ts';
import { readPictures, spread } from './read-pictures.ts';

const SHOWN = 8;

/**
 * Pictures of the val split in pairs: the boxes that are there, and those found with `confidence` or more. The pictures are
 * taken evenly over the split, not for what was found. Null where none can be read.
 */
export async function predictionsBesideTruth(
  dataSet: DataSet,
  evaluated: readonly EvalPicture[],
  confidence: number,
  context: CommandContext,
): Promise<Figure | null> {
  const chosen = spread(evaluated, SHOWN);
  const samples = new Map(dataSet.samples.map((sample) => [sample.id, sample]));
  const images = await readPictures(
    dataSet,
    chosen.flatMap(({ sampleId }) => samples.get(sampleId) ?? []),
    context,
  );
  const pictures = chosen.flatMap(({ sampleId, truth, detections }) => {
    const image = images.get(sampleId);
    if (image === undefined) return [];
    const there = truth.map(({ className, boxXyxyPx }) => ({
      text: className,
      labelId: dataSet.classes.indexOf(className),
      boxXyxyPx,
    }));
    const found = detections
      .filter(({ score }) => score >= confidence)
      .map((box) => ({ text: labelText(box), labelId: box.labelId, boxXyxyPx: box.boxXyxyPx }));
    return [
      { image, caption: `${sampleId}: truth, ${there.length}`, boxes: there },
      { image, caption: `${sampleId}: found, ${found.length}`, boxes: found },
    ];
  });
  if (pictures.length === 0) return null;
  return pictureSheet({
    name: 'predictions',
    title: 'Truth and predictions',
    sentence: `${pictures.length / 2} pictures of the ${EVAL_SPLIT} split, each with its true boxes and beside it with those that were found.`,
    note: `in pairs, truth at the left, found with a confidence of ${fixed(confidence, 2)} or more at the right; ${pictures.length / 2} of ${whole(evaluated.length)} pictures of ${EVAL_SPLIT}, evenly over the split`,
    pictures,
    classes: dataSet.classes,
  });
}
