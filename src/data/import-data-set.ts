import { bytesText } from '../base/bytes-text.ts';
import { StudioError, toStudioError } from '../base/errors.ts';
import { breathing } from './breathing.ts';
import { freeName } from './free-name.ts';
import { createIntake, type Intake } from './import-intake.ts';
import { beginJournal, discardImport, journalledSink, storedBefore } from './import-journal.ts';
import { importProgress } from './import-progress.ts';
import { type OpenedSource, openSource } from './import-source.ts';
import { readDataSet } from './read-data-set.ts';
import { countSet } from './set-figures.ts';
import type {
  DataSetIndex,
  DataSetStore,
  DataSetSummary,
  FetchArchive,
  FileTree,
  ImportJournal,
  ImportProgress,
  ImportResult,
  ImportSource,
  SourceEntry,
} from './types.ts';

export interface ImportPorts {
  readonly store: DataSetStore;
  /** All sets there are, to recognise one that comes again. */
  readonly summaries: () => Promise<readonly DataSetSummary[]>;
  readonly fetchArchive: FetchArchive;
  /** Milliseconds, never going back. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly newId: () => string;
  /** What one transaction takes; 32 MB without it. */
  readonly batchBytes?: number;
}

/** After these nothing of the files can be used, so that nothing of them is kept either. */
const USELESS: readonly string[] = ['bad-archive', 'bad-data-set', 'usage', 'internal'];

/**
 * Imports a data set: its files pass once; pictures go into the store in batches, each followed by its part of the
 * journal; the set is read by `readDataSet` as everywhere; what no sample uses is deleted; the index is written last.
 * Given the files of an import that was broken off, what it has stored is not written again. Throws `bad-archive`,
 * `bad-data-set`, keeping nothing; `storage`, `network`, `not-found`, `cancelled`, keeping what whole batches have stored.
 */
export async function importDataSet(
  source: ImportSource,
  ports: ImportPorts,
  options: {
    readonly signal: AbortSignal;
    readonly onProgress: (progress: ImportProgress) => void;
    /** Hears the import's id once it is known. */
    readonly onBegin?: (id: string) => void;
  },
): Promise<ImportResult> {
  const { store } = ports;
  const { signal, onProgress, onBegin } = options;
  signal.throwIfAborted();
  const opened = await openSource(source, ports.fetchArchive, signal);
  const journal = await beginJournal(store, opened, ports);
  onBegin?.(journal.id);
  const stored = await storedBefore(store, journal.id);
  const { batchBytes } = ports;
  const intake = createIntake(journalledSink(store, journal.id, stored), opened.problems, {
    stored,
    ...(batchBytes === undefined ? {} : { batchBytes }),
  });
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
    return await keep({ ...rest, name, id: journal.id }, intake, ports);
  } catch (thrown) {
    throw await clearUp(thrown, { journal, opened, intake, store });
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

async function keep(read: DataSetIndex, intake: Intake, ports: ImportPorts): Promise<ImportResult> {
  const { store } = ports;
  const { problems } = read;
  const others = await ports.summaries();
  const index = { ...read, name: freeName(read.name, others) };
  const same = others.find(({ hash }) => hash === index.hash);
  if (same !== undefined) {
    await discardImport(store, index.id);
    return { summary: same, alreadyThere: true, resumedPictures: intake.resumedPictures(), problems };
  }
  const used = new Set(index.samples.map(({ imagePath }) => imagePath));
  const there = new Set(await store.picturePaths(index.id));
  const missing = [...used].filter((path) => !there.has(path));
  if (missing.length > 0) {
    const message = `${missing.length} pictures that were stored are gone, ${missing[0]} among them: something deleted this site's data meanwhile. Import the set again.`;
    throw new StudioError('storage', message, { missing: missing.length });
  }
  const unused = [...there].filter((path) => !used.has(path));
  if (unused.length > 0) await store.removePictures(index.id, unused);
  const bytes = [...used].reduce((sum, path) => sum + (intake.files.get(path)?.byteLength ?? 0), 0);
  const summary: DataSetSummary = { ...countSet(index), bundled: false, bytes, importedAtMs: ports.clock() };
  await store.writeSet({ summary, index, pictureSha256: knownSha256(used, intake) });
  await store.removeJournal(index.id);
  return { summary, alreadyThere: false, resumedPictures: intake.resumedPictures(), problems };
}

/** By path, of the pictures that were looked at. */
function knownSha256(paths: ReadonlySet<string>, { files }: Intake): Record<string, string> {
  const known: [string, string][] = [];
  for (const path of paths) {
    const facts = files.get(path)?.facts;
    if (facts !== undefined && 'sha256' in facts) known.push([path, facts.sha256]);
  }
  return Object.fromEntries(known);
}

/** Leaves nothing of what is of no use, says of the rest that it stays, and gives the error to throw. */
async function clearUp(
  thrown: unknown,
  {
    journal,
    opened,
    intake,
    store,
  }: { journal: ImportJournal; opened: OpenedSource; intake: Intake; store: DataSetStore },
): Promise<StudioError> {
  const error = toStudioError(thrown);
  const stored = await storedBefore(store, journal.id).catch(() => null);
  if (stored === null || stored.length === 0 || USELESS.includes(error.code)) {
    // Where that fails too, the journal stays, and with it the offer to discard the import.
    await discardImport(store, journal.id).catch(() => undefined);
  }
  if (error.code !== 'storage' || !('neededBytes' in error.details)) return error;
  const { freeBytes = null } = error.details;
  const rest = Math.max(0, (opened.bytesTotal ?? 0) - opened.bytesDone());
  const neededBytes = intake.waitingBytes() + rest;
  const stays =
    stored === null || stored.length === 0
      ? ''
      : ` ${stored.length} pictures stay stored: given the same files again, the import goes on from there.`;
  const isShort = typeof freeBytes === 'number' && freeBytes < neededBytes;
  const message = isShort
    ? `The browser's storage for this site is full: ${opened.name} needs about ${bytesText(neededBytes)} more, and ${bytesText(freeBytes)} are free. Delete runs in Runs or data sets in Data to make room.${stays}`
    : `${error.message}${stays}`;
  return new StudioError('storage', message, { ...error.details, neededBytes }, { cause: error });
}
