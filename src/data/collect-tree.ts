import { noteRepeat } from './entry-names.ts';
import type { FileEntry, FileTree, Problem, SourceEntry } from './types.ts';

/**
 * All files of a source in memory, as a tree; of two with one path the last is taken, with a warning. `problems` is what
 * the source writes its own into. Throws as the source.
 */
export async function collectTree(
  entries: AsyncIterable<SourceEntry>,
  name: string,
  problems: Problem[],
): Promise<FileTree> {
  const files = new Map<string, FileEntry>();
  for await (const { path, read } of entries) {
    const bytes = await read();
    if (files.has(path)) noteRepeat(path, problems);
    files.set(path, { byteLength: bytes.byteLength, read: async () => bytes });
  }
  return { name, files, problems };
}
