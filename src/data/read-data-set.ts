import type { DataSet, FileTree } from './types.ts';
import { type ReadVocOptions, readVocDataSet } from './voc-data-set.ts';

/** Reads a data set, told by its content. */
export function readDataSet(tree: FileTree, options: ReadVocOptions = {}): Promise<DataSet> {
  return readVocDataSet(tree, options);
}
