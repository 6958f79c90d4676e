import { SAMPLE_INDEX_FILE, SAMPLE_TAR_FILE } from '../src/base/bundled.ts';
import { sharedPromise } from '../src/base/shared-promise.ts';
import { openIndexedTar } from '../src/data/indexed-tar.ts';
import type { DataSet } from '../src/data/types.ts';
import { bundledBytes } from './bundled-file.ts';

const tar = sharedPromise(() => bundledBytes(SAMPLE_TAR_FILE));

/** The sample data set by its index; the archive is fetched for its first picture. Throws `network`. */
export async function bundledDataSet(): Promise<DataSet> {
  // Made by the studio's own build, from the archive beside it.
  const index = JSON.parse(new TextDecoder().decode(await bundledBytes(SAMPLE_INDEX_FILE)));
  return openIndexedTar(index, tar.get);
}
