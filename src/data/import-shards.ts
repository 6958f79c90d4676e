import { createSHA256 } from 'hash-wasm';
import { StudioError, toStudioError } from '../base/errors.ts';
import { arrivingSet } from './arriving-set.ts';
import { type BatchedPictures, batchedPictures } from './batched-pictures.ts';
import { clearUpImport } from './clear-up-import.ts';
import { cutPictures } from './cut-pictures.ts';
import { readImageHeader } from './image-header.ts';
import type { ImportOptions, ImportPorts } from './import-data-set.ts';
import { beginJournal, journalledSink, storedBefore } from './import-journal.ts';
import { importProgress } from './import-progress.ts';
import { inParallel } from './in-parallel.ts';
import { keepSet, sameSet } from './keep-set.ts';
import { asKept, partOfSet } from './part-of-set.ts';
import { sha256Hex } from './sha256.ts';
import { faultyShard, shardFault } from './shard-fault.ts';
import type { Shard, ShardedSample, ShardIndex } from './shard-index.ts';
import type { OpenedShards } from './shard-source.ts';
import type { CutOffChoice, DataSetStore, ImportJournal, ImportResult, JournalPicture, Problem } from './types.ts';

/** Smaller than of archives: what a killed browser had not written yet is fetched again. */
const BATCH_BYTES = 8e6;

/**
 * Imports a set in shards by its index: annotations and splits are the index's, pictures are cut out of the shards and
 * each is stored once its sha256 is the index's. What an import that was broken off has stored of the same content is not read
 * again; a shard of which a part is stored is read from there on. The set has the index's hash.
 *
 * Shards that are missing or damaged stop no others; at the end they are named, and what was right stays stored, or is a set
 * that is named incomplete where that was chosen. Throws `network`, `not-found`, `bad-archive`, `storage`, `cancelled`, keeping what is
 * stored; `bad-data-set` where the index contradicts its pictures, keeping nothing.
 */
export async function importShards(
  opened: OpenedShards,
  choice: CutOffChoice,
  ports: ImportPorts,
  { signal, onProgress, onBegin, onArriving }: ImportOptions,
): Promise<ImportResult> {
  const { index } = opened;
  const { store } = ports;
  const same = sameSet(await ports.summaries(), index.hash);
  if (same !== undefined) {
    return { summary: same, alreadyThere: true, resumedPictures: 0, problems: index.problems };
  }
  const journal = await beginJournal(store, { ...opened, name: index.name }, ports);
  onBegin?.(journal.id);
  const stored = await storedOf(index, journal, store);
  const resumed = new Set(stored.map(({ path }) => path));
  const there = new Set(resumed);
  const written = new Set(resumed);
  onArriving?.(arrivingSet(index, journal.id, written));
  const sink = journalledSink(store, journal.id, stored, (pictures) => {
    for (const { path } of pictures) written.add(path);
  });
  const batches = batchedPictures(sink, { batchBytes: ports.batchBytes ?? BATCH_BYTES, now: ports.now });
  const bytesTotal = sumOf(index.samples);
  let bytesDone = sumOf(index.samples.filter(({ imagePath }) => resumed.has(imagePath)));
  const tell = importProgress(ports.now, onProgress);
  const state = () => ({ name: index.name, bytesDone, bytesTotal, picturesDone: there.size });
  const problems: Problem[] = [...index.problems];
  try {
    tell('reading', state);
    const faults: StudioError[] = [];
    const takeOne = async (shard: Shard, pictures: readonly ShardedSample[], stop: AbortSignal): Promise<void> => {
      const taking = { opened, batches, there, problems, signal: stop };
      try {
        await takeShard(shard, pictures, taking, async (byteLength) => {
          bytesDone += byteLength;
          tell('reading', state);
        });
      } catch (thrown) {
        const error = toStudioError(thrown);
        if (faultyShard(error) === null) throw error;
        faults.push(error);
      }
    };
    await inParallel(opened.atOnce, shardsToRead(index, there), signal, ([shard, pictures], stop) =>
      takeOne(shard, pictures, stop),
    );
    await batches.flush();
    if (faults.length > 0 && choice.takeCutOff !== true) throw allFaults(faults, there.size, index);
    tell('finishing', state);
    for (const { message: reason, details } of faults) {
      problems.push({
        file: String(details.shard),
        severity: 'refused',
        reason: `${reason} Its other pictures were taken.`,
      });
    }
    const part =
      there.size < index.samples.length
        ? { ...(await partOfSet(index, (path) => there.has(path))), name: `${index.name} (incomplete)` }
        : {};
    const kept = { ...index, ...part, problems };
    const byteLengths = new Map(index.samples.map(({ imagePath, picture }) => [imagePath, picture.byteLength]));
    const digests = new Map(index.samples.map(({ imagePath, picture }) => [imagePath, picture.sha256]));
    const pictures = {
      byteLength: (path: string) => byteLengths.get(path) ?? 0,
      sha256: (path: string) => digests.get(path),
      resumed: resumed.size,
    };
    return await keepSet(asKept(kept, journal.id), pictures, ports);
  } catch (thrown) {
    // What came whole is not fetched again; a store that failed would fail again.
    if (toStudioError(thrown).code !== 'storage') await batches.flush().catch(() => undefined);
    const bytesLeft = Math.max(0, bytesTotal - bytesDone) + batches.waitingBytes();
    const isUseless = ({ code }: StudioError): boolean => code === 'bad-data-set';
    throw await clearUpImport(thrown, { journal, name: index.name, store, bytesLeft, isUseless });
  }
}

/** What is stored and of this index. Of another index the journal forgets what this one does not have. */
async function storedOf(
  { samples }: ShardIndex,
  journal: ImportJournal,
  store: DataSetStore,
): Promise<readonly JournalPicture[]> {
  const before = await storedBefore(store, journal.id);
  const digests = new Map(samples.map(({ imagePath, picture }) => [imagePath, picture.sha256]));
  // Of a path that was written again the last counts.
  const lastByPath = new Map(before.map((picture) => [picture.path, picture]));
  const stored = [...lastByPath.values()].filter(({ path, sha256 }) => digests.get(path) === sha256);
  if (stored.length < before.length) {
    // Killed in between, pictures without a journal are swept: none is ever taken for another.
    await store.removeJournal(journal.id);
    await store.writeJournal(journal);
    await store.writeJournalPictures(journal.id, 0, stored);
  }
  return stored;
}

/** The shards that have pictures which are not there, each with all of its pictures in order of their places. */
function shardsToRead(index: ShardIndex, there: ReadonlySet<string>): [Shard, ShardedSample[]][] {
  const byShard = new Map<number, ShardedSample[]>();
  for (const sample of index.samples) {
    const { shard } = sample.picture;
    const pictures = byShard.get(shard);
    if (pictures === undefined) byShard.set(shard, [sample]);
    else pictures.push(sample);
  }
  return [...byShard]
    .sort(([a], [b]) => a - b)
    .flatMap(([number, pictures]): [Shard, ShardedSample[]][] => {
      const shard = index.shards[number];
      if (shard === undefined || pictures.every(({ imagePath }) => there.has(imagePath))) return [];
      return [[shard, pictures.sort((a, b) => a.picture.byteOffset - b.picture.byteOffset)]];
    });
}

interface Taking {
  readonly opened: OpenedShards;
  readonly batches: BatchedPictures<JournalPicture>;
  /** Paths of pictures that are stored or on their way. */
  readonly there: Set<string>;
  readonly problems: Problem[];
  readonly signal: AbortSignal;
}

/** Takes the pictures of a shard that are not there. Throws as `read`, and a fault of the shard where pictures are not the index's. */
async function takeShard(
  shard: Shard,
  pictures: readonly ShardedSample[],
  { opened, batches, there, problems, signal }: Taking,
  onTaken: (byteLength: number) => Promise<void>,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const missing = pictures.filter(({ imagePath }) => !there.has(imagePath));
    const [first, last] = [missing[0]?.picture, missing.at(-1)?.picture];
    if (first === undefined || last === undefined) return;
    const isWhole = missing.length === pictures.length;
    const part = isWhole
      ? { begin: 0, end: shard.byteLength }
      : { begin: first.byteOffset, end: last.byteOffset + last.byteLength };
    const hash = await createSHA256();
    hash.init();
    const wrong: string[] = [];
    const places = missing.map((sample) => ({ ...sample.picture, sample }));
    const cut = cutPictures(places, part.begin, async ({ sample, sha256, byteLength }, bytes) => {
      const { id, imagePath: path } = sample;
      if ((await sha256Hex(bytes)) !== sha256) {
        wrong.push(id);
        return;
      }
      const header = headerOf(bytes, sample);
      there.add(path);
      await batches.add({ path, bytes }, { path, byteLength, header, sha256 });
      await onTaken(byteLength);
    });
    const take = async (piece: Uint8Array): Promise<void> => {
      if (isWhole) hash.update(piece);
      await cut(piece);
    };
    await opened.read(shard, part, take, signal);
    if (wrong.length === 0 && isWhole && hash.digest('hex') !== shard.sha256) {
      const reason = `${shard.name} is not what the index lists (its sha256 is another), but each of its pictures is: they were taken.`;
      problems.push({ file: shard.name, severity: 'warning', reason });
    }
    if (wrong.length === 0) return;
    if (tries < opened.tries) continue;
    const named =
      wrong.length === 1 ? `the picture "${wrong[0]}"` : `"${wrong[0]}" and ${wrong.length - 1} other pictures`;
    const found = `is changed or damaged: ${named} in it ${wrong.length === 1 ? 'is' : 'are'} not what the index lists (another sha256).`;
    throw shardFault('bad-archive', shard.name, found, { pictures: wrong.length });
  }
}

function headerOf(bytes: Uint8Array<ArrayBuffer>, { id, size }: ShardedSample) {
  const refuse = (found: string, cause?: unknown): StudioError => {
    const message = `The index lists the picture "${id}" as ${size.w} x ${size.h}, and ${found}. Make the set again with npm run data.`;
    return new StudioError('bad-data-set', message, { id }, { cause });
  };
  let header: ReturnType<typeof readImageHeader>;
  try {
    header = readImageHeader(bytes);
  } catch (thrown) {
    throw refuse('it cannot be read', thrown);
  }
  if (header.size.h === size.h && header.size.w === size.w) return header;
  throw refuse(`it is ${header.size.w} x ${header.size.h}`);
}

/** One error for all faulty shards: `cutOff` says that the rest can be taken. */
function allFaults(faults: readonly StudioError[], pictures: number, { name, samples }: ShardIndex): StudioError {
  const [first] = faults;
  if (first === undefined) throw new Error('There is no fault to tell.');
  const others = faults.slice(1).map((fault) => faultyShard(fault) ?? '');
  const also = others.length === 0 ? '' : ` So it is with ${others.length} other shards: ${listed(others)}.`;
  const message = `${first.message}${also} ${pictures} of the ${samples.length} pictures of ${name} are stored. Once the shards are mended, the same again goes on from there.`;
  return new StudioError(first.code, message, { ...first.details, cutOff: pictures > 0 }, { cause: first });
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and more` : shown;
}

function sumOf(samples: readonly ShardedSample[]): number {
  return samples.reduce((sum, { picture }) => sum + picture.byteLength, 0);
}
