import { StudioError } from '../base/errors.ts';
import { samplesOfSplit } from '../data/picture-source.ts';
import type { DataSet } from '../data/types.ts';
import { EVAL_SPLIT, TRAIN_SPLIT } from './splits.ts';

/**
 * The data set with the first so many labelled pictures of its train split that have boxes as both of its splits: a model
 * that cannot learn those by heart shows a set that is broken. Null leaves the set as it is. Throws `bad-data-set` where no
 * picture has a box.
 */
export function overfitSet(dataSet: DataSet, pictures: number | null): DataSet {
  if (pictures === null) return dataSet;
  const boxed = samplesOfSplit(dataSet, TRAIN_SPLIT).filter(({ labelled, objects }) => labelled && objects.length > 0);
  const ids = boxed.slice(0, pictures).map(({ id }) => id);
  if (ids.length === 0) {
    throw new StudioError(
      'bad-data-set',
      `No picture of the split "${TRAIN_SPLIT}" of ${dataSet.name} has a box; expected ${pictures} that have. Label some first.`,
      { split: TRAIN_SPLIT },
    );
  }
  return { ...dataSet, splits: { ...dataSet.splits, [TRAIN_SPLIT]: ids, [EVAL_SPLIT]: ids } };
}
