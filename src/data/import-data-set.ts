import { type StudioError, toStudioError } from '../base/errors.ts';
import { arrivingFiles } from './arriving-files.ts';
import type { ArrivingSet } from './arriving-set.ts';
import { breathing } from './breathing.ts';
import { clearUpImport } from './clear-up-import.ts';
import { createIntake } from './import-intake.ts';
import { beginJournal, journalledSink, storedBefore } from './import-journal.ts';
import { importProgress } from './import-progress.ts';
import { importShards } from './import-shards.ts';
import { type OpenedSource, openSource } from './import-source.ts';
import { type KeepPorts, keepSet } from './keep-set.ts';
import { readDataSet } from './read-data-set.ts';
import { openShardSource } from './shard-source.ts';
import type {
  FetchArchive,
  FetchBelow,
  FileTree,
  ImportProgress,
  ImportResult,
  ImportSource,
  SourceEntry,
} from './types.ts';

export interface ImportPorts extends KeepPorts {
  readonly fetchArchive: FetchArchive;
  readonly fetchBelow: FetchBelow;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** So long without a byte of a shard is the end; a minute without it. */
  readonly stallMs?: number;
  /** Milliseconds, never going back. */
  readonly now: () => number;
  readonly newId: () => string;
  /** What one transaction takes; 32 MB without it. */
  readonly batchBytes?: number;
}

export interface ImportOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ImportProgress) => void;
  /** Hears the import's id once it is known. */
  readonly onBegin?: (id: string) => void;
  /** Hears of a set whose pictures can be seen while they come. */
  readonly onArriving?: (set: ArrivingSet) => void;
}

/** After these nothing of the files can be used, so that nothing of them is kept either. */
const USELESS: readonly string[] = ['bad-archive', 'bad-data-set', 'usage', 'internal'];

/**
 * Imports a data set: its files pass once; pictures go into the store in batches, each followed by its part of the
 * journal; the set is read by `readDataSet` as everywhere; what no sample uses is deleted; the index is written last.
 * Given the files of an import that was broken off, what it has stored is not written again. A set in shards that comes
 * with its index is taken as that says (`importShards`). Throws `bad-archive`, `bad-data-set`, keeping nothing; `storage`, `network`, `not-found`, `cancelled`, keeping what whole batches have stored.
 */
export async function importDataSet(
  source: ImportSource,
  ports: ImportPorts,
  options: ImportOptions,
): Promise<ImportResult> {
  const { store } = ports;
  const { signal, onProgress, onBegin, onArriving } = options;
  signal.throwIfAborted();
  const shards = await openShardSource(source, ports, signal);
  if (shards !== null) return importShards(shards, source, ports, options);
  const opened = await openSource(source, ports.fetchArchive, signal);
  const journal = await beginJournal(store, opened, ports);
  onBegin?.(journal.id);
  const stored = await storedBefore(store, journal.id);
  const { batchBytes } = ports;
  const written = new Set(stored.map(({ path }) => path));
  const sink = journalledSink(store, journal.id, stored, (pictures) => {
    for (const { path } of pictures) written.add(path);
  });
  const intake = createIntake(sink, opened.problems, {
    stored,
    now: ports.now,
    ...(batchBytes === undefined ? {} : { batchBytes }),
  });
  onArriving?.(arrivingFiles({ name: opened.name, id: journal.id, files: intake.files, written }, ports.now, signal));
  const tell = importProgress(ports.now, onProgress);
  const state = () => ({
    name: opened.name,
    bytesDone: Math.min(opened.bytesDone(), opened.bytesTotal ?? Number.POSITIVE_INFINITY),
    bytesTotal: opened.bytesTotal,
    picturesDone: intake.pictures(),
  });
  try {
    tell('reading', state);
    const isIncomplete = await takeAll(opened, source.takeCutOff === true, async (entry) => {
      signal.throwIfAborted();
      await intake.take(entry);
      tell('reading', state);
    });
    await intake.flush();
    tell('finishing', state);
    const tree: FileTree = { name: opened.name, files: breathing(intake.files, ports.now), problems: opened.problems };
    const set = await readDataSet(tree, { signal, onProgress: () => tell('finishing', state) });
    const { imageBytes, ...rest } = set;
    const name = isIncomplete ? `${set.name} (incomplete)` : set.name;
    return await keepSet(
      { ...rest, name, id: journal.id },
      {
        byteLength: (path) => intake.files.get(path)?.byteLength ?? 0,
        sha256: (path) => {
          const facts = intake.files.get(path)?.facts;
          return facts !== undefined && 'sha256' in facts ? facts.sha256 : undefined;
        },
        resumed: intake.resumedPictures(),
      },
      ports,
    );
  } catch (thrown) {
    const bytesLeft = intake.waitingBytes() + Math.max(0, (opened.bytesTotal ?? 0) - opened.bytesDone());
    const isUseless = ({ code }: StudioError): boolean => USELESS.includes(code);
    throw await clearUpImport(thrown, { journal, name: opened.name, store, bytesLeft, isUseless });
  }
}

/**
 * Gives each entry of a source to `take`. Where an archive is cut off and that is to be put up with, what came before
 * stands, the loss is told among the problems, and the result is true.
 */
async function takeAll(
  { entries, problems, name }: OpenedSource,
  takeCutOff: boolean,
  take: (entry: SourceEntry) => Promise<void>,
): Promise<boolean> {
  try {
    for await (const entry of entries) await take(entry);
    return false;
  } catch (thrown) {
    const { details, message } = toStudioError(thrown);
    if (!takeCutOff || details.cutOff !== true) throw thrown;
    problems.push({
      file: name,
      severity: 'refused',
      reason: `${message} The complete pictures before that were taken.`,
    });
    return true;
  }
}
