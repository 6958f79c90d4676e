import { collectTree } from './collect-tree.ts';
import { readTarEntries } from './tar-entries.ts';
import { streamOf } from './tar-stream.ts';
import type { FileTree, Problem } from './types.ts';

/** Everything unpacked is held in memory: more than this does not fit a tab. */
const DEFAULT_MAX_BYTES = 4 * 2 ** 30;

/**
 * Reads a tar archive, gzipped or not (by content, not by name), into memory, as strictly as `readTarEntries`. Of two
 * entries with one name the last is taken. Throws `bad-archive`, and keeps nothing then.
 */
export async function readTarTree(
  source: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>,
  name: string,
  options: { readonly maxBytes?: number } = {},
): Promise<FileTree> {
  const problems: Problem[] = [];
  const stream = source instanceof Uint8Array ? streamOf(source) : source;
  const { maxBytes = DEFAULT_MAX_BYTES } = options;
  return collectTree(readTarEntries(stream, name, { maxBytes, problems }), name, problems);
}
