import { collectTree } from './collect-tree.ts';
import { isZip, peek } from './tar-stream.ts';
import { readTarTree } from './tar-tree.ts';
import type { FileTree, Problem } from './types.ts';
import { readZipEntries } from './zip-entries.ts';

/** Everything unpacked is held in memory. */
const MAX_BYTES = 4 * 2 ** 30;

/** Reads a tar, gzipped or not, or a zip into memory, told by its content. Throws `bad-archive`, and keeps nothing then. */
export async function readArchiveTree(
  source: ReadableStream<Uint8Array<ArrayBuffer>>,
  name: string,
): Promise<FileTree> {
  const { head, stream } = await peek(source, 4);
  if (!isZip(head)) return readTarTree(stream, name);
  const problems: Problem[] = [];
  const archive = await new Response(stream).blob();
  return collectTree(readZipEntries(archive, name, { maxBytes: MAX_BYTES, problems }), name, problems);
}
