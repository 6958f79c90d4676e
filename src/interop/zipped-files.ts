import type { GivenFile } from '../data/types.ts';
import { readZipEntries } from '../data/zip-entries.ts';

/** Of what a zip lists, read or not: a run with all its checkpoints may be this large. */
const MOST_LISTED_BYTES = 2 ** 40;

/**
 * The files of a zip that `wanted` takes, unpacked in memory; the others are not read. `name` is the archive's, for messages.
 * Throws as `readZipEntries`, and whatever `wanted` throws.
 */
export async function unzipFiles(
  archive: Blob,
  name: string,
  wanted: (path: string, byteLength: number) => boolean,
): Promise<GivenFile[]> {
  const files: GivenFile[] = [];
  for await (const { path, byteLength, read } of readZipEntries(archive, name, {
    maxBytes: MOST_LISTED_BYTES,
    // Names that lead elsewhere are left out, and no weights are looked for under them.
    problems: [],
  })) {
    if (wanted(path, byteLength)) files.push({ path, file: new Blob([await read()]) });
  }
  return files;
}
