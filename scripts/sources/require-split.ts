import { StudioError } from '../../src/base/errors.ts';
import { samplesOfSplit } from '../../src/data/picture-source.ts';
import type { DataSet } from '../../src/data/types.ts';

/**
 * How many pictures a split has, at least one. `advice` says what to do where it is empty. Throws `not-found` for a split
 * that the data set lacks, `bad-data-set` for an empty one.
 */
export function requireSplit(dataSet: DataSet, split: string, advice: string): number {
  const { length } = samplesOfSplit(dataSet, split);
  if (length > 0) return length;
  throw new StudioError(
    'bad-data-set',
    `The split "${split}" of ${dataSet.name} has no usable picture; expected at least one. ${advice}`,
    { split },
  );
}
