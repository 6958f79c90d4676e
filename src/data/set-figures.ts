import type { DataSetIndex, DataSetSummary } from './types.ts';

/** What a summary counts of an index. */
export function countSet(index: DataSetIndex): Omit<DataSetSummary, 'bundled' | 'bytes' | 'importedAtMs'> {
  const { id, name, classes, samples, splits, problems, hash } = index;
  return {
    id,
    name,
    images: samples.length,
    boxes: samples.reduce((sum, { objects }) => sum + objects.length, 0),
    classes,
    splits: Object.fromEntries(Object.entries(splits).map(([split, ids]) => [split, ids.length])),
    problems: problems.length,
    hash,
  };
}
