import { StudioError } from '../../base/errors.ts';
import { sha256Hex } from '../sha256.ts';
import type { DataSetIndex, DataSetStore } from '../types.ts';

/**
 * The sha256 of a set's pictures by path, of earlier versions' too where it is known. Those of `samples` that are not kept are
 * computed from the pictures, and kept from then on. Throws `not-found` for a picture that is gone.
 */
export async function pictureHashes(
  store: DataSetStore,
  { id, samples }: Pick<DataSetIndex, 'id' | 'samples'>,
): Promise<Map<string, string>> {
  const kept: Readonly<Record<string, string>> = (await store.pictureSha256(id)) ?? {};
  const known = new Map(Object.entries(kept));
  const missing = samples.filter(({ imagePath }) => !known.has(imagePath));
  for (const { imagePath } of missing) {
    const bytes = await store.picture(id, imagePath);
    if (bytes === null) {
      const message = `The picture ${imagePath} is not in this browser's storage any more. Delete the data set and import it again.`;
      throw new StudioError('not-found', message, { id, path: imagePath });
    }
    known.set(imagePath, await sha256Hex(bytes));
  }
  if (missing.length > 0) await store.writePictureSha256(id, Object.fromEntries(known));
  return known;
}
