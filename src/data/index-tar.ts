import { StudioError } from '../base/errors.ts';
import type { BytePlace, TarIndex } from './indexed-tar.ts';
import { TAR_BLOCK_BYTES } from './tar-stream.ts';
import { readTarTree } from './tar-tree.ts';
import { readVocDataSet } from './voc-data-set.ts';

/** Reads a VOC data set in a tar that is not compressed, and finds where its pictures stand. Throws `bad-archive`, `bad-data-set`. */
export async function indexTar(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<TarIndex> {
  const tree = await readTarTree(bytes, name);
  const { imageBytes: _, ...dataSet } = await readVocDataSet(tree);
  const pictures: Record<string, BytePlace> = {};
  for (const { id, imagePath } of dataSet.samples) {
    const picture = await tree.files.get(imagePath)?.read();
    const byteOffset = picture === undefined ? null : findBlocks(bytes, picture);
    if (picture === undefined || byteOffset === null) {
      throw new StudioError('bad-archive', `The bytes of ${imagePath} stand nowhere in ${name}.`, { name, imagePath });
    }
    pictures[id] = { byteOffset, byteLength: picture.byteLength };
  }
  return { dataSet, pictures };
}

/** The first block at which these bytes begin. */
function findBlocks(bytes: Uint8Array, wanted: Uint8Array): number | null {
  for (let offset = 0; offset + wanted.byteLength <= bytes.byteLength; offset += TAR_BLOCK_BYTES) {
    if (wanted.every((byte, at) => bytes[offset + at] === byte)) return offset;
  }
  return null;
}
