import type { ListZip } from './sort-drop.ts';

/** More than any zip of weights lists; of a data set so many tell enough. */
const MOST_ENTRIES = 20_000;

/** Reads the list at the end of a zip, nothing else of it. */
export const listZip: ListZip = async (file) => {
  // Fetched when the first zip comes.
  const { BlobReader, ZipReader } = await import('@zip.js/zip.js/lib/zip-core-native.js');
  const paths: string[] = [];
  try {
    for await (const { filename, directory } of new ZipReader(new BlobReader(file)).getEntriesGenerator()) {
      if (!directory) paths.push(filename);
      if (paths.length >= MOST_ENTRIES) break;
    }
  } catch {
    // Whoever asked tells that it cannot be read.
    return null;
  }
  return paths;
};
