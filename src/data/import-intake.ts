import { StudioError, toStudioError } from '../base/errors.ts';
import { noteRepeat } from './entry-names.ts';
import { readImageHeader } from './image-header.ts';
import { sha256Hex } from './sha256.ts';
import type {
  DataSetStore,
  FileEntry,
  JournalPicture,
  PictureBytes,
  PictureFacts,
  Problem,
  SourceEntry,
} from './types.ts';
import { vocPart } from './voc-layout.ts';

/** A batch is one transaction. */
const BATCH_BYTES = 32e6;
const BATCH_PICTURES = 1000;
/** Above any picture that is read: a larger file is not even unpacked. */
const MAX_PICTURE_BYTES = 256 * 2 ** 20;
const MAX_SMALL_FILE_BYTES = 16 * 2 ** 20;
/** All annotations and lists are held in memory until the set is built. */
const MAX_SMALL_BYTES = 2 ** 30;

/** Takes the files of a source in as they pass: pictures into the store, annotations and lists into memory. */
export interface Intake {
  readonly files: ReadonlyMap<string, FileEntry>;
  /** Pictures that were stored, by this import or the one that was broken off. */
  pictures(): number;
  /** Of these, the ones that had been stored before and were not written again. */
  resumedPictures(): number;
  /** Of the batch that is not written yet. */
  waitingBytes(): number;
  /** Takes one entry; everything that is no part of a VOC set is left unread. Throws `storage`, `bad-data-set`, as the source. */
  take(entry: SourceEntry): Promise<void>;
  /** Writes the last, smaller batch. */
  flush(): Promise<void>;
}

/**
 * An intake for the import of that id; `stored` is what its journal has of an earlier attempt. A batch is of 1,000 pictures
 * or `batchBytes`, by default 32 MB.
 */
export function createIntake(
  store: DataSetStore,
  importId: string,
  stored: readonly JournalPicture[],
  problems: Problem[],
  batchBytes = BATCH_BYTES,
): Intake {
  const files = new Map<string, FileEntry>();
  const known = new Map(stored.map((picture) => [picture.path, picture]));
  let batchNumber = stored.length;
  let batch: { bytes: PictureBytes[]; journal: JournalPicture[]; byteLength: number } = emptyBatch();
  let smallBytes = 0;
  let written = 0;
  let resumed = 0;

  const flush = async (): Promise<void> => {
    if (batch.bytes.length === 0) return;
    await store.writePictures(importId, batch.bytes);
    // Broken off here, the pictures are written again over themselves.
    await store.writeJournalPictures(importId, batchNumber, batch.journal);
    batchNumber += batch.journal.length;
    written += batch.journal.length;
    batch = emptyBatch();
  };

  const readStored = (path: string) => async (): Promise<Uint8Array> => {
    const bytes = await store.picture(importId, path);
    if (bytes === null)
      throw new StudioError('not-found', `${path} is not in the browser's storage any more.`, { path });
    return bytes;
  };

  const takePicture = async ({ path, byteLength, read }: SourceEntry): Promise<void> => {
    if (byteLength > MAX_PICTURE_BYTES) {
      const refused = `The file has ${byteLength} bytes; at most ${MAX_PICTURE_BYTES} are read. Scale the picture down.`;
      files.set(path, { byteLength, read: notKept(path), facts: { refused } });
      return;
    }
    const bytes = await read();
    const facts = await factsOf(bytes);
    if ('refused' in facts) {
      files.set(path, { byteLength: bytes.byteLength, read: notKept(path), facts });
      return;
    }
    files.set(path, { byteLength: bytes.byteLength, read: readStored(path), facts });
    const before = known.get(path);
    if (before?.byteLength === bytes.byteLength && before.sha256 === facts.sha256) {
      resumed += 1;
      return;
    }
    // Another picture of this path is written now: what the journal says of it holds no longer.
    known.delete(path);
    batch.bytes.push({ path, bytes });
    batch.journal.push({ path, byteLength: bytes.byteLength, ...facts });
    batch.byteLength += bytes.byteLength;
    if (batch.byteLength >= batchBytes || batch.bytes.length >= BATCH_PICTURES) await flush();
  };

  const takeSmall = async ({ path, byteLength, read }: SourceEntry): Promise<void> => {
    if (byteLength > MAX_SMALL_FILE_BYTES) {
      const reason = `The file has ${byteLength} bytes; an annotation or a list has at most ${MAX_SMALL_FILE_BYTES}.`;
      const refuse = () => Promise.reject(new StudioError('bad-annotation', reason));
      files.set(path, { byteLength, read: refuse });
      return;
    }
    smallBytes += byteLength;
    if (smallBytes > MAX_SMALL_BYTES) {
      const message = `The annotations have more than ${MAX_SMALL_BYTES} bytes together, which is the limit; divide the data set.`;
      throw new StudioError('bad-data-set', message);
    }
    const bytes = await read();
    files.set(path, { byteLength: bytes.byteLength, read: async () => bytes });
  };

  return {
    files,
    pictures: () => written + resumed + batch.bytes.length,
    resumedPictures: () => resumed,
    waitingBytes: () => batch.byteLength,
    async take(entry) {
      const { part } = vocPart(entry.path);
      if (part === 'other') return;
      if (files.has(entry.path)) noteRepeat(entry.path, problems);
      if (part === 'picture') await takePicture(entry);
      else if (part === 'other-picture') files.set(entry.path, { ...entry, read: notKept(entry.path) });
      else await takeSmall(entry);
    },
    flush,
  };
}

function emptyBatch() {
  return { bytes: [], journal: [], byteLength: 0 };
}

/** What the tree must name but nobody reads. */
function notKept(path: string): () => Promise<never> {
  return () => Promise.reject(new StudioError('internal', `${path} was not kept, and nothing should read it.`));
}

async function factsOf(bytes: Uint8Array<ArrayBuffer>): Promise<PictureFacts> {
  try {
    return { header: readImageHeader(bytes), sha256: await sha256Hex(bytes) };
  } catch (thrown) {
    const error = toStudioError(thrown);
    if (error.code !== 'bad-image') throw error;
    return { refused: error.message };
  }
}
