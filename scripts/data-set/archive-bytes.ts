import { createHash } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { rename } from 'node:fs/promises';
import { StudioError } from '../../src/base/errors.ts';
import { readTarEntries } from '../../src/data/tar-entries.ts';
import { isZip, peek } from '../../src/data/tar-stream.ts';
import type { Problem, SourceEntry } from '../../src/data/types.ts';
import { readZipEntries } from '../../src/data/zip-entries.ts';
import { forgetDownload, resumableDownload } from '../sources/resumable-download.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Several times the largest public set: what a hostile archive may unpack to. */
const MAX_BYTES = 2 ** 40;
const PIECE_BYTES = 1 << 18;

/** An archive whose bytes come from the first to the last, each time that they are asked for, and lie in a file in the end. */
export interface ByteSource {
  readonly name: string;
  /** The file; whole once the bytes have ended. */
  readonly path: string;
  bytes(): AsyncGenerator<Bytes, void, undefined>;
  /** What they must have, in hexadecimal; null where that is not known. */
  readonly md5: string | null;
  /** Hears that what was read is no archive of the kind. */
  onDamage(): Promise<string>;
}

/** How far the reading of archives is. */
export interface ReadingProgress {
  bytesDone: number;
  /** Null where a server does not say. */
  bytesTotal: number | null;
  /** In hexadecimal, by the archive's name; known once it was read to its end. */
  readonly md5: Map<string, string>;
}

/** An archive on this computer. */
export function localArchive(path: string, name: string): ByteSource {
  return {
    name,
    path,
    md5: null,
    async *bytes() {
      for await (const chunk of createReadStream(path, { highWaterMark: PIECE_BYTES })) {
        const { buffer, byteOffset, byteLength } = chunk as Buffer<ArrayBuffer>;
        yield new Uint8Array(buffer, byteOffset, byteLength);
      }
    },
    onDamage: async () => '',
  };
}

export interface Fetching {
  readonly address: string;
  readonly name: string;
  /** Where it is kept. */
  readonly path: string;
  /** What its bytes must have, in hexadecimal; null where that is not known. */
  readonly md5: string | null;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly onLength: (byteLength: number | null) => void;
}

/** An archive at an address, which is kept as it arrives. */
export function fetchedArchive({ name, path, md5, ...download }: Fetching): ByteSource {
  return {
    name,
    path,
    md5,
    bytes: () =>
      resumableDownload({ ...download, ...(md5 === null ? {} : { identity: `md5 ${md5}` }), path, what: 'archive' }),
    async onDamage() {
      if (md5 !== null) {
        // Whether the archive is bad, or only what arrived: its checksum knows, once it is whole.
        await forgetDownload(path);
        return ' What was fetched was deleted: give the same command again, or another mirror.';
      }
      await rename(path, `${path}.damaged`).catch(() => undefined);
      await forgetDownload(path);
      return ` What was fetched is set aside as ${path}.damaged where it was whole: the same command fetches it anew.`;
    },
  };
}

/**
 * The files of an archive while its bytes arrive: a tar, gzipped or not, or a zip, told by its content; a zip's list
 * stands at its end, so that one is whole before its first file comes. All bytes are read, also those behind the end of the tar.
 * Throws `bad-archive`, `network` where the checksum is another, and as the bytes do.
 */
export async function* archiveEntries(
  source: ByteSource,
  problems: Problem[],
  progress: ReadingProgress,
): AsyncGenerator<SourceEntry, void, undefined> {
  const { name, path } = source;
  const hash = createHash('md5');
  const bytes = source.bytes();
  const next = async (): Promise<Bytes | null> => {
    const { done, value } = await bytes.next();
    if (done === true) return null;
    hash.update(value);
    progress.bytesDone += value.byteLength;
    return value;
  };
  const drain = async (): Promise<void> => {
    while ((await next()) !== null);
    const found = hash.digest('hex');
    progress.md5.set(name, found);
    if (source.md5 === null || found === source.md5) return;
    await forgetDownload(path);
    const message = `${name} has the md5 ${found}, expected ${source.md5}: what was fetched is another file, or was damaged on its way, and was deleted. Give the same command again, or another mirror.`;
    throw new StudioError('network', message, { name });
  };
  const arriving = new ReadableStream<Bytes>({
    async pull(controller) {
      const piece = await next();
      if (piece === null) controller.close();
      else controller.enqueue(piece);
    },
  });
  try {
    const { head, stream } = await peek(arriving, 4);
    if (isZip(head)) {
      await drain();
      yield* readZipEntries(await openAsBlob(path), name, { maxBytes: MAX_BYTES, problems });
      return;
    }
    yield* readTarEntries(stream, name, { maxBytes: MAX_BYTES, problems });
    await drain();
  } catch (thrown) {
    if (!(thrown instanceof StudioError) || thrown.code !== 'bad-archive') throw thrown;
    await bytes.return();
    throw new StudioError('bad-archive', `${thrown.message}${await source.onDamage()}`, thrown.details, {
      cause: thrown,
    });
  } finally {
    await bytes.return();
  }
}
