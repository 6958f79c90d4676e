import { takenPath } from './entry-names.ts';
import { goneFile, isGone } from './gone-file.ts';
import { sha256Hex } from './sha256.ts';
import { readTarEntries } from './tar-entries.ts';
import { isZip, peek } from './tar-stream.ts';
import type { FetchArchive, GivenFile, ImportSource, Problem, SourceEntry } from './types.ts';
import { vocPart } from './voc-layout.ts';

/** Several times the largest public set: what a hostile archive may unpack to while nothing of it is kept. */
const MAX_BYTES = 2 ** 40;

type Bytes = Uint8Array<ArrayBuffer>;

/** What a data set is imported from, opened: its files pass once, from the first to the last. */
export interface OpenedSource {
  readonly name: string;
  /** The same for the same files: names and sizes. */
  readonly identity: string;
  /** Where it is fetched from; left out of files. */
  readonly address?: string;
  /** As given, compressed where it is; null where that is not known. */
  readonly bytesTotal: number | null;
  bytesDone(): number;
  readonly entries: AsyncIterable<SourceEntry>;
  /** What was left out or repaired so far; complete when the entries have ended. */
  readonly problems: Problem[];
}

/**
 * Opens what a person gave: the files of a VOC folder, else the archives among the files (shards of one set, told by name),
 * else the one file as an archive, told by content; or an archive at an address. Throws as `fetchArchive`, and the entries
 * as the readers of archives, `not-found` for a file that is gone.
 */
export async function openSource(
  source: ImportSource,
  fetchArchive: FetchArchive,
  signal: AbortSignal,
): Promise<OpenedSource> {
  const problems: Problem[] = [];
  const progress = { bytesDone: 0 };
  const reading = { problems, takeCutOff: source.takeCutOff === true };
  const common = { problems, bytesDone: () => progress.bytesDone };
  if (source.kind === 'address') {
    const { name, byteLength, stream } = await fetchArchive(source.url, signal);
    const entries = readStream(counted(stream, progress), name, reading);
    const identity = `${source.url} ${byteLength ?? ''}`;
    return { ...common, name, identity, address: source.url, bytesTotal: byteLength, entries };
  }
  const { name, files } = source;
  const archives = archivesAmong(files);
  const used = archives ?? files;
  return {
    ...common,
    name,
    identity: await identityOf(used),
    bytesTotal: used.reduce((sum, { file }) => sum + file.size, 0),
    entries: archives === null ? readFolder(files, problems, progress) : readArchives(archives, reading, progress),
  };
}

/** Null where the files are those of a folder. */
function archivesAmong(files: readonly GivenFile[]): readonly GivenFile[] | null {
  if (files.some(({ path }) => ['annotation', 'picture', 'list'].includes(vocPart(path).part))) return null;
  const archives = files.filter(({ path }) => /\.(tar|tgz|tar\.gz|zip)$/i.test(path));
  if (archives.length > 0) return [...archives].sort((a, b) => (a.path < b.path ? -1 : 1));
  return files.length === 1 ? files : null;
}

async function identityOf(files: readonly GivenFile[]): Promise<string> {
  const sizes = files.map(({ path, file }) => [path, file.size]).sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  return sha256Hex(new TextEncoder().encode(JSON.stringify(sizes)));
}

interface Reading {
  readonly problems: Problem[];
  readonly takeCutOff: boolean;
}

interface Progress {
  bytesDone: number;
}

async function* readArchives(
  archives: readonly GivenFile[],
  reading: Reading,
  progress: Progress,
): AsyncGenerator<SourceEntry, void, undefined> {
  let before = 0;
  for (const { path, file } of archives) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const head = await bytesOf(file.slice(0, 4), name);
    if (isZip(head)) yield* readZip(file, name, reading.problems, progress);
    else yield* readTarEntries(counted(file.stream(), progress), name, { maxBytes: MAX_BYTES, ...reading });
    before += file.size;
    progress.bytesDone = before;
  }
}

/** A zip's list stands at its end: one that arrives as a stream is gathered first, by the browser, on disk where it is large. */
async function* readStream(
  source: ReadableStream<Bytes>,
  name: string,
  reading: Reading,
): AsyncGenerator<SourceEntry, void, undefined> {
  const { head, stream } = await peek(source, 4);
  if (isZip(head)) yield* readZip(await new Response(stream).blob(), name, reading.problems, { bytesDone: 0 });
  else yield* readTarEntries(stream, name, { maxBytes: MAX_BYTES, ...reading });
}

async function* readZip(
  archive: Blob,
  name: string,
  problems: Problem[],
  progress: Progress,
): AsyncGenerator<SourceEntry, void, undefined> {
  // Fetched when a zip is given: reading one takes as much code as all the rest.
  const { readZipEntries } = await import('./zip-entries.ts');
  for await (const entry of readZipEntries(archive, name, { maxBytes: MAX_BYTES, problems })) {
    yield entry;
    progress.bytesDone += entry.packedBytes;
  }
}

async function* readFolder(
  files: readonly GivenFile[],
  problems: Problem[],
  progress: Progress,
): AsyncGenerator<SourceEntry, void, undefined> {
  for (const { path: given, file } of files) {
    const path = takenPath(given, 'file', 'file', problems);
    if (path !== null) yield { path, byteLength: file.size, read: () => bytesOf(file, given) };
    progress.bytesDone += file.size;
  }
}

async function bytesOf(file: Blob, name: string): Promise<Bytes> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (thrown) {
    throw isGone(thrown) ? goneFile(name, thrown) : thrown;
  }
}

function counted(stream: ReadableStream<Bytes>, progress: Progress): ReadableStream<Bytes> {
  return stream.pipeThrough(
    new TransformStream<Bytes, Bytes>({
      transform(chunk, controller) {
        progress.bytesDone += chunk.byteLength;
        controller.enqueue(chunk);
      },
    }),
  );
}
