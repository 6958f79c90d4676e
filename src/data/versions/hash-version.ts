import { hashDataSet } from '../data-set-hash.ts';
import type { DataSetIndex, DataSetStore } from '../types.ts';
import { pictureHashes } from './picture-hashes.ts';

/** The hash of what an index holds, from its pictures' kept sha256. Throws `not-found` for a picture that is gone. */
export async function hashVersion(store: DataSetStore, index: DataSetIndex): Promise<string> {
  const known = await pictureHashes(store, index);
  const pathOf = new Map(index.samples.map((sample) => [sample.id, sample.imagePath]));
  return hashDataSet(index.samples, async (sampleId) => known.get(pathOf.get(sampleId) ?? '') ?? '');
}
