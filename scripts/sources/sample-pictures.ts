import { StudioError } from '../../src/base/errors.ts';
import { decodeWith } from '../../src/data/decode.ts';
import type { RgbImage } from '../../src/data/types.ts';
import { decodePixels } from '../../src/platform/node/decode.ts';
import { EVAL_SPLIT } from '../../src/train/splits.ts';
import type { CommandContext } from '../cli/run-command.ts';
import { openDataSet } from './open-data-set.ts';

/**
 * The first pictures of a data set that a run was not trained on, to check an export with. `fallback` serves where the set
 * is not there any more, which is said.
 */
export async function samplePictures(
  data: string,
  count: number,
  context: CommandContext,
  fallback: string | null = null,
): Promise<RgbImage[]> {
  const dataSet = await openDataSet(data, context).catch((error: unknown) => {
    if (fallback === null || !(error instanceof StudioError) || error.code !== 'not-found') throw error;
    context.say(`${error.message} Checking on pictures of the sample set instead.`);
    return openDataSet(fallback, context);
  });
  const ids = dataSet.splits[EVAL_SPLIT] ?? dataSet.samples.map(({ id }) => id);
  const pictures: RgbImage[] = [];
  for (const id of ids.slice(0, count)) {
    pictures.push(await decodeWith(decodePixels)(await dataSet.imageBytes(id)));
  }
  return pictures;
}
