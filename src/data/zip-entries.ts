import { BlobReader, type Entry, type FileEntry, ZipReader } from '@zip.js/zip.js/lib/zip-core-native.js';
import { StudioError } from '../base/errors.ts';
import { collectBytes } from './collect-bytes.ts';
import { type EntryKind, MAX_ENTRIES, takenPath } from './entry-names.ts';
import { goneFile, isGone } from './gone-file.ts';
import type { Problem, SourceEntry } from './types.ts';

/** The bits of a Unix mode that say what an entry is. */
const MODE_KIND = 0o170000;
const MODE_LINK = 0o120000;

/** A file of a zip, which knows how much of the archive is behind it. */
export interface ZipSourceEntry extends SourceEntry {
  readonly packedBytes: number;
}

/**
 * The files of a zip archive, stored or deflated, in the order of its list; what is not read is skipped. Unsafe names and
 * links are left out with a warning in `problems`. No entry unpacks to more than it states. Throws `bad-archive` where the
 * archive is cut off, damaged, locked with a password, packed in another way, or holds more than `maxBytes`.
 */
export async function* readZipEntries(
  archive: Blob,
  name: string,
  options: { readonly maxBytes: number; readonly problems: Problem[] },
): AsyncGenerator<ZipSourceEntry, void, undefined> {
  // Threads of its own would be fetched by address, which the page's policy forbids. Names are judged by us.
  const reader = new ZipReader(new BlobReader(archive), {
    useWebWorkers: false,
    checkSignature: true,
    filenameValidation: 'tolerant',
  });
  let total = 0;
  for (const entry of await listEntries(reader, name)) {
    total += entry.uncompressedSize;
    if (total > options.maxBytes) {
      throw refusal(
        name,
        `unpacks to more than ${options.maxBytes} bytes, which is the limit. Unpack it and give the folder.`,
      );
    }
    const path = takenPath(entry.filename, kindOf(entry), 'device', options.problems);
    if (path === null || entry.directory) continue;
    yield {
      path,
      byteLength: entry.uncompressedSize,
      packedBytes: entry.compressedSize,
      read: () => unpack(entry, name),
    };
  }
}

async function listEntries(reader: ZipReader<Blob>, name: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  try {
    for await (const entry of reader.getEntriesGenerator()) {
      if (entries.push(entry) > MAX_ENTRIES) break;
    }
  } catch (thrown) {
    if (isGone(thrown)) throw goneFile(name, thrown);
    throw refusal(name, 'is cut off or damaged: its list of files cannot be read. Fetch or make it again.', thrown);
  }
  if (entries.length > MAX_ENTRIES) throw refusal(name, `has more than ${MAX_ENTRIES} entries, which is the limit.`);
  return entries;
}

function kindOf(entry: Entry): EntryKind {
  if (entry.directory) return 'directory';
  return ((entry.unixMode ?? 0) & MODE_KIND) === MODE_LINK ? 'link' : 'file';
}

async function unpack(entry: FileEntry, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const { filename, uncompressedSize, encrypted } = entry;
  if (encrypted) throw refusal(name, `is locked with a password at "${filename}". Unpack it and give the folder.`);
  const through = new TransformStream<Uint8Array, Uint8Array>();
  const unpacked = entry.getData(through.writable);
  // Its failure is heard below; while bytes still come it must not count as unheard.
  unpacked.catch(() => undefined);
  try {
    const collected = collectBytes(through.readable, (byteLength) => {
      if (byteLength > uncompressedSize)
        throw refusal(name, `unpacks "${filename}" to more than it states: it is damaged.`);
    });
    // What fails before its first byte leaves the stream open: nothing would ever come out of that.
    return await Promise.race([unpacked.then(() => collected), collected.then((bytes) => unpacked.then(() => bytes))]);
  } catch (thrown) {
    if (thrown instanceof StudioError) throw thrown;
    if (isGone(thrown)) throw goneFile(name, thrown);
    const why = thrown instanceof Error ? thrown.message.replace(/\.$/, '') : String(thrown);
    throw refusal(
      name,
      `is damaged at "${filename}", or packed in a way that is not read (${why}). Make it again.`,
      thrown,
    );
  }
}

function refusal(name: string, found: string, cause?: unknown): StudioError {
  return new StudioError('bad-archive', `The zip ${name} ${found}`, { name }, { cause });
}
