import { createTarDecoder, type ParsedTarEntry } from 'modern-tar';
import { StudioError, toStudioError } from '../base/errors.ts';
import { collectBytes } from './collect-bytes.ts';
import { type EntryKind, MAX_ENTRIES, takenPath } from './entry-names.ts';
import { goneFile, isGone } from './gone-file.ts';
import { openTarBytes, TAR_BLOCK_BYTES, TAR_END_BYTES } from './tar-stream.ts';
import type { Problem, SourceEntry } from './types.ts';

/**
 * The files of a tar archive, gzipped or not (by content, not by name), one after the other as they arrive; what is not
 * read is skipped. Unsafe names, links and devices are left out with a warning in `problems`, and so is it told where the
 * end blocks are missing. Memory is bounded by the bytes that are really there, whatever sizes the headers claim. Throws
 * `bad-archive` naming the entry and the byte offset where the archive is cut off (then with `cutOff` in its details) or a
 * header is wrong, and where it unpacks to more than `maxBytes`.
 * With `takeCutOff` an archive that is cut off gives every complete entry before it throws: a strict decoder drops what it
 * holds at the first error, and a lax one takes wrong checksums, so that this is for an archive whose cut is known already.
 */
export async function* readTarEntries(
  source: ReadableStream<Uint8Array<ArrayBuffer>>,
  name: string,
  options: { readonly maxBytes: number; readonly problems: Problem[]; readonly takeCutOff?: boolean },
): AsyncGenerator<SourceEntry, void, undefined> {
  const { maxBytes, problems, takeCutOff = false } = options;
  const { stream, seen } = await openTarBytes(source, name, maxBytes, takeCutOff);
  const progress: Progress = { entryName: '', entryDone: true, entries: 0 };
  const damage = (thrown: unknown): StudioError => describeDamage(thrown, name, seen.total, progress);

  const reader = stream.pipeThrough(createTarDecoder({ strict: !takeCutOff })).getReader();
  let ended = false;
  let next = nextEntry(reader);
  try {
    for (;;) {
      const entry = await next.catch((thrown: unknown) => {
        throw damage(thrown);
      });
      if (entry === null) break;
      // Asked for at once: an entry that waits in the stream is lost when the stream ends with an error.
      next = nextEntry(reader);
      next.catch(() => undefined);
      progress.entries += 1;
      progress.entryName = entry.header.name;
      progress.entryDone = false;
      if (progress.entries > MAX_ENTRIES) {
        const message = `${name} has more than ${MAX_ENTRIES} entries, which is the limit.`;
        throw new StudioError('bad-archive', message, { name });
      }
      const { name: entryName, type = 'file' } = entry.header;
      const path = takenPath(entryName, kindOf(type), type.replace('-', ' '), problems);
      let isRead = false;
      if (path !== null) {
        yield {
          path,
          byteLength: entry.header.size,
          read: () => {
            isRead = true;
            return wholeBody(entry).catch((thrown: unknown) => {
              throw damage(thrown);
            });
          },
        };
      }
      if (!isRead) {
        // Not cancelled: the decoder may be at the next entry already, and would take that one's body away.
        await passOver(entry.body).catch((thrown: unknown) => {
          throw damage(thrown);
        });
      }
      progress.entryDone = true;
    }
    ended = true;
  } finally {
    // Left before its end: the source is let go of. What it says to that changes nothing any more.
    if (!ended) void reader.cancel().catch(() => undefined);
  }
  if (takeCutOff && seen.zerosAtEnd < TAR_END_BYTES) throw damage(new Error('truncated'));
  if (seen.zerosAtEnd < TAR_END_BYTES) {
    const reason =
      'The archive lacks the two empty blocks at its end, so it may have been cut off; everything before was read.';
    problems.push({ file: name, severity: 'warning', reason });
  }
}

interface Progress {
  entryName: string;
  entryDone: boolean;
  entries: number;
}

async function nextEntry(reader: ReadableStreamDefaultReader<ParsedTarEntry>): Promise<ParsedTarEntry | null> {
  const { done, value } = await reader.read();
  return done ? null : value;
}

/** The bytes of an entry. Throws where there are fewer than its header says. */
async function wholeBody({ header, body }: ParsedTarEntry): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await collectBytes(body);
  if (bytes.byteLength < header.size) throw new Error('truncated');
  return bytes;
}

async function passOver(body: ReadableStream<Uint8Array>): Promise<void> {
  const reader = body.getReader();
  while (!(await reader.read()).done);
}

function kindOf(type: string): EntryKind {
  if (type === 'file' || type === 'directory') return type;
  return type === 'symlink' || type === 'link' ? 'link' : 'other';
}

function describeDamage(thrown: unknown, name: string, total: number, progress: Progress): StudioError {
  if (thrown instanceof StudioError) return thrown;
  const error = toStudioError(thrown);
  if (error.code === 'cancelled') return error;
  if (isGone(thrown)) return goneFile(name, thrown);
  const { entryName, entryDone, entries } = progress;
  const cutOff = !entryDone || total % TAR_BLOCK_BYTES !== 0 || /truncated/i.test(error.message);
  const details = { name, entry: entryName, byteOffset: total, cutOff };
  if (entries === 0 && (total < TAR_BLOCK_BYTES || /checksum|header|number/i.test(error.message))) {
    const message = `${name} is not a readable tar archive (${withoutFullStop(error.message)}); expected a tar, gzipped or not. Fetch it again.`;
    return new StudioError('bad-archive', message, details, { cause: thrown });
  }
  const place =
    entryName === '' ? 'before its first entry' : `${entryDone ? 'after' : 'inside'} the entry "${entryName}"`;
  const message = cutOff
    ? `${name} is cut off ${place}, at byte ${total}; fetch it again.`
    : `${name} is damaged ${place} (${withoutFullStop(error.message)}), of ${total} bytes read; fetch it again.`;
  return new StudioError('bad-archive', message, details, { cause: thrown });
}

function withoutFullStop(text: string): string {
  return text.replace(/\.$/, '');
}
