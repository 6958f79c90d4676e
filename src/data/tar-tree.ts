import { createTarDecoder, type ParsedTarEntry } from 'modern-tar';
import { StudioError, toStudioError } from '../base/errors.ts';
import { openTarBytes, streamOf, TAR_BLOCK_BYTES, TAR_END_BYTES } from './tar-stream.ts';
import { isFileManagerLitter, safeTreePath } from './tree-path.ts';
import type { FileEntry, FileTree, Problem } from './types.ts';

/** Everything unpacked is held in memory: more than this does not fit a tab. */
const DEFAULT_MAX_BYTES = 4 * 2 ** 30;
/** Far above any data set; keeps a hostile archive of empty files from filling the memory with names. */
const MAX_ENTRIES = 2_000_000;

/**
 * Reads a tar archive, gzipped or not (by content, not by name), into memory. Unsafe names, links and devices are left out
 * with a warning; of two entries with one name the last is taken; missing end blocks are a warning. Memory is bounded by
 * the bytes that are really there, whatever sizes the headers claim. Throws `bad-archive` naming the entry and the byte
 * offset where the archive is cut off or a header is wrong, and keeps nothing then.
 */
export async function readTarTree(
  source: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>,
  name: string,
  options: { readonly maxBytes?: number } = {},
): Promise<FileTree> {
  const bytes = source instanceof Uint8Array ? streamOf(source) : source;
  const { stream, seen } = await openTarBytes(bytes, name, options.maxBytes ?? DEFAULT_MAX_BYTES);
  const files = new Map<string, FileEntry>();
  const problems: Problem[] = [];
  const progress = { entryName: '', entryDone: true, entries: 0 };

  try {
    const reader = stream.pipeThrough(createTarDecoder({ strict: true })).getReader();
    for (;;) {
      const { done, value: entry } = await reader.read();
      if (done) break;
      progress.entries += 1;
      progress.entryName = entry.header.name;
      progress.entryDone = false;
      if (progress.entries > MAX_ENTRIES) {
        throw new StudioError('bad-archive', `${name} has more than ${MAX_ENTRIES} entries, which is the limit.`, {
          name,
        });
      }
      await takeEntry(entry, files, problems);
      progress.entryDone = true;
    }
  } catch (thrown) {
    throw describeDamage(thrown, name, seen.total, progress);
  }

  if (seen.zerosAtEnd < TAR_END_BYTES) {
    problems.push({
      file: name,
      severity: 'warning',
      reason:
        'The archive lacks the two empty blocks at its end, so it may have been cut off; everything before was read.',
    });
  }
  return { name, files, problems };
}

async function takeEntry(entry: ParsedTarEntry, files: Map<string, FileEntry>, problems: Problem[]): Promise<void> {
  const { name, type = 'file' } = entry.header;
  const path = safeTreePath(name);
  const leaveOut = async (reason?: string): Promise<void> => {
    if (reason !== undefined) problems.push({ file: name, severity: 'warning', reason });
    await entry.body.cancel();
  };

  if (type === 'directory') {
    return leaveOut(
      path === null && !/^[./]*$/.test(name) ? 'The folder lies outside the archive; it was left out.' : undefined,
    );
  }
  if (path === null) {
    return leaveOut(
      'The name is absolute or leads outside the archive; the entry was left out and nothing was written.',
    );
  }
  if (isFileManagerLitter(path)) return leaveOut();
  if (type !== 'file') {
    const kind = type === 'symlink' || type === 'link' ? 'a link' : `a ${type.replace('-', ' ')}`;
    return leaveOut(`The entry is ${kind}, not a file; it was left out.`);
  }

  const data = await collect(entry.body);
  if (files.has(path)) {
    problems.push({
      file: path,
      severity: 'warning',
      reason: 'The name stands twice in the archive; the last one was taken.',
    });
  }
  files.set(path, { byteLength: data.byteLength, read: async () => data });
}

/** All bytes of an entry, gathered as they come: a claimed size is never allocated ahead. */
async function collect(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.byteLength;
  }
  // Copied also where there is one chunk, so that a small file does not hold the archive's large piece in memory.
  const data = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    data.set(chunk, at);
    at += chunk.byteLength;
  }
  return data;
}

function describeDamage(
  thrown: unknown,
  name: string,
  total: number,
  progress: { readonly entryName: string; readonly entryDone: boolean; readonly entries: number },
): StudioError {
  if (thrown instanceof StudioError) return thrown;
  const error = toStudioError(thrown);
  if (error.code === 'cancelled') return error;
  const { entryName, entryDone, entries } = progress;
  const details = { name, entry: entryName, byteOffset: total };
  const cutOff = !entryDone || total % TAR_BLOCK_BYTES !== 0 || /truncated/i.test(error.message);
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
