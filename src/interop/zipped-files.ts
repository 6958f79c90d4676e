import { BlobReader, type Entry, type FileEntry, ZipReader } from '@zip.js/zip.js/lib/zip-core-native.js';
import { StudioError } from '../base/errors.ts';

/** A file out of an archive or a folder, with its path there. */
export interface NamedBlob {
  readonly path: string;
  readonly file: Blob;
}

export interface UnzipLimits {
  /** What one file may hold, unpacked. */
  readonly fileBytes: number;
  /** How many entries the archive may list. */
  readonly entries: number;
}

/**
 * The files of a zip that `wanted` takes by their path, unpacked in memory; the others are not read. `name` is the
 * archive's, for messages. Throws `bad-archive` where it is cut off, damaged, encrypted or past the limits.
 */
export async function unzipFiles(
  archive: Blob,
  name: string,
  wanted: (path: string) => boolean,
  limits: UnzipLimits,
): Promise<NamedBlob[]> {
  // Threads of its own would be fetched by address, which the page's policy forbids.
  const reader = new ZipReader(new BlobReader(archive), { useWebWorkers: false, checkSignature: true });
  const files: NamedBlob[] = [];
  for (const entry of await entriesOf(reader, name, limits.entries)) {
    if (entry.directory || !wanted(entry.filename)) continue;
    files.push({ path: entry.filename, file: await unpack(entry, name, limits.fileBytes) });
  }
  return files;
}

async function entriesOf(reader: ZipReader<Blob>, name: string, most: number): Promise<Entry[]> {
  const entries: Entry[] = [];
  try {
    for await (const entry of reader.getEntriesGenerator()) {
      entries.push(entry);
      if (entries.length > most) break;
    }
  } catch (cause) {
    throw refusal(name, 'is cut off or damaged: its list of files cannot be read. Fetch or make it again.', cause);
  }
  if (entries.length > most) throw refusal(name, `lists more than ${most} files, too many for a checkpoint.`);
  return entries;
}

async function unpack(entry: FileEntry, name: string, mostBytes: number): Promise<Blob> {
  const { filename, uncompressedSize, encrypted } = entry;
  if (encrypted) throw refusal(name, `is locked with a password at "${filename}". Unpack it and drop the folder.`);
  if (uncompressedSize > mostBytes) {
    throw refusal(name, `holds "${filename}" of ${uncompressedSize} bytes; at most ${mostBytes} are read.`);
  }
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  // The size that an entry states is no promise: more than that is not unpacked.
  const bounded = new WritableStream<Uint8Array<ArrayBuffer>>({
    write: (chunk) => {
      bytes += chunk.byteLength;
      if (bytes > uncompressedSize) throw refusal(name, `unpacks "${filename}" to more than it states. It is damaged.`);
      chunks.push(chunk.slice());
    },
  });
  try {
    await entry.getData(bounded);
  } catch (cause) {
    if (cause instanceof StudioError) throw cause;
    throw refusal(name, `is damaged at "${filename}": it cannot be unpacked. Fetch or make it again.`, cause);
  }
  return new Blob(chunks);
}

function refusal(name: string, found: string, cause?: unknown): StudioError {
  return new StudioError('bad-archive', `The zip "${name}" ${found}`, { archive: name }, { cause });
}
