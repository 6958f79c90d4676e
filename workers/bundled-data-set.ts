import { BUNDLED_SET_ID } from '../src/base/bundled.ts';
import { readTarTree } from '../src/data/tar-tree.ts';
import type { DataSet } from '../src/data/types.ts';
import { readVocDataSet } from '../src/data/voc-data-set.ts';
import { fetchFileTree } from '../src/platform/browser/file-tree.ts';
import { bundledAddress } from './bundled-file.ts';

/** Fetches and reads the sample data set. Throws `network`, `bad-archive`, `bad-data-set`. */
export async function bundledDataSet(): Promise<DataSet> {
  return readVocDataSet(await fetchFileTree(bundledAddress('sample/emoji-scenes.tar'), BUNDLED_SET_ID, readTarTree));
}
