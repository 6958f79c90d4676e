import { StudioError, toStudioError } from '../base/errors.ts';
import { type BatchOptions, type BatchSink, batchedPictures } from './batched-pictures.ts';
import { noteRepeat } from './entry-names.ts';
import { filePart } from './file-part.ts';
import { readImageHeader } from './image-header.ts';
import { MAX_PICTURE_BYTES } from './picture-limits.ts';
import { type Sha256, sha256Hex } from './sha256.ts';
import type { FileEntry, JournalPicture, PictureFacts, Problem, SourceEntry } from './types.ts';
import { vocPart } from './voc-layout.ts';

const MAX_SMALL_FILE_BYTES = 16 * 2 ** 20;
/** One JSON holds the annotations of a whole set. */
const MAX_JSON_BYTES = 2 ** 30;
/** All annotations and lists are held in memory until the set is built. */
const MAX_SMALL_BYTES = 2 ** 30;

/** Where pictures go in batches, each of which is there wholly or not at all. */
export interface PictureSink extends BatchSink<JournalPicture> {
  /** The bytes of a picture that was written. Throws `not-found`. */
  read(path: string): Promise<Uint8Array>;
}

export interface IntakeOptions extends BatchOptions {
  /** Pictures that are in the sink already, of an earlier attempt. */
  readonly stored?: readonly JournalPicture[];
  /** Pictures for which it is false are not read. */
  readonly isWanted?: (path: string) => boolean;
  /** What is known of such a picture; `LEFT_UNREAD` stands in its facts where nothing is. */
  readonly factsOf?: (path: string) => PictureFacts | undefined;
  /** As `sha256Hex`, where the platform has a quicker one. */
  readonly sha256?: Sha256;
}

/** Why a picture that nobody wanted cannot be used. */
export const LEFT_UNREAD = 'The picture was left unread, since no list names it.';

/** Takes the files of a source in as they pass: pictures into the sink, annotations and lists into memory. */
export interface Intake {
  readonly files: ReadonlyMap<string, FileEntry>;
  /** Pictures that were stored, by this import or the one that was broken off. */
  pictures(): number;
  /** Of these, the ones that had been stored before and were not written again. */
  resumedPictures(): number;
  /** Of the batch that is not written yet. */
  waitingBytes(): number;
  /** Takes one entry; everything that is no part of a data set is left unread. Throws as the sink, `bad-data-set`, as the source. */
  take(entry: SourceEntry): Promise<void>;
  /** Writes the last, smaller batch. */
  flush(): Promise<void>;
}

/** An intake into a sink. `problems` hears of names that come twice. */
export function createIntake(sink: PictureSink, problems: Problem[], options: IntakeOptions = {}): Intake {
  const { stored = [], isWanted = () => true, factsOf: knownFacts, sha256 = sha256Hex } = options;
  const files = new Map<string, FileEntry>();
  const known = new Map(stored.map((picture) => [picture.path, picture]));
  const batches = batchedPictures(sink, options);
  let isVoc = false;
  let smallBytes = 0;
  let resumed = 0;

  const takePicture = async ({ path, byteLength, read }: SourceEntry): Promise<void> => {
    if (byteLength > MAX_PICTURE_BYTES) {
      const refused = `The file has ${byteLength} bytes; at most ${MAX_PICTURE_BYTES} are read. Scale the picture down.`;
      files.set(path, { byteLength, read: notKept(path), facts: { refused } });
      return;
    }
    const bytes = await read();
    const facts = await factsOf(bytes, sha256);
    if ('refused' in facts) {
      files.set(path, { byteLength: bytes.byteLength, read: notKept(path), facts });
      return;
    }
    files.set(path, { byteLength: bytes.byteLength, read: () => sink.read(path), facts });
    const before = known.get(path);
    if (before?.byteLength === bytes.byteLength && before.sha256 === facts.sha256) {
      resumed += 1;
      return;
    }
    // Another picture of this path is written now: what the journal says of it holds no longer.
    known.delete(path);
    await batches.add({ path, bytes }, { path, byteLength: bytes.byteLength, ...facts });
  };

  const takeSmall = async ({ path, byteLength, read }: SourceEntry): Promise<void> => {
    const most = /\.json$/i.test(path) ? MAX_JSON_BYTES : MAX_SMALL_FILE_BYTES;
    if (byteLength > most) {
      const reason = `The file has ${byteLength} bytes; at most ${most} are read of such a file. Divide the data set.`;
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
    pictures: () => batches.written() + resumed + batches.waiting(),
    resumedPictures: () => resumed,
    waitingBytes: () => batches.waitingBytes(),
    async take(entry) {
      const { path, byteLength } = entry;
      const part = filePart(path);
      if (part === 'other') return;
      if (files.has(path)) noteRepeat(path, problems);
      const voc = vocPart(path).part;
      isVoc ||= voc === 'annotation' || voc === 'picture';
      // Beside the folders of VOC other pictures are masks and the like.
      if (part === 'other-picture' || (isVoc && part === 'picture' && voc !== 'picture')) {
        files.set(path, { byteLength, read: notKept(path) });
      } else if (part === 'text') await takeSmall(entry);
      else if (isWanted(path)) await takePicture(entry);
      else files.set(path, { byteLength, read: notKept(path), facts: knownFacts?.(path) ?? { refused: LEFT_UNREAD } });
    },
    flush: () => batches.flush(),
  };
}

/** What the tree must name but nobody reads. */
function notKept(path: string): () => Promise<never> {
  return () => Promise.reject(new StudioError('internal', `${path} was not kept, and nothing should read it.`));
}

async function factsOf(bytes: Uint8Array<ArrayBuffer>, sha256: Sha256): Promise<PictureFacts> {
  try {
    return { header: readImageHeader(bytes), sha256: await sha256(bytes) };
  } catch (thrown) {
    const error = toStudioError(thrown);
    if (error.code !== 'bad-image') throw error;
    return { refused: error.message };
  }
}
