import { createSHA256 } from 'hash-wasm';
import { bytesText } from '../base/bytes-text.ts';
import { StudioError } from '../base/errors.ts';
import { PROJECT_NOTE } from '../base/project-format.ts';
import { PROJECT_SOURCE } from '../data/import-journal.ts';
import type { DataSetStore, PictureBytes } from '../data/types.ts';
import { runBytes } from '../train/kept-runs.ts';
import type { EvalRecord, RecordKey, RunDatabase, RunRecord, StepRecord } from '../train/types.ts';
import {
  chunkPath,
  metricSchema,
  metricsPath,
  picturePath,
  type RunDocument,
  runPath,
  runSchema,
  SETTINGS_PATH,
  type SetDocument,
  setPath,
  setSchema,
  settingsSchema,
} from './format.ts';
import { checked, lies, type OpenedProject, openProject, refusal, textOf } from './open-project.ts';
import { type Place, placeRuns, placeSets, setOfRun } from './plan-import.ts';
import { projectProgress } from './progress.ts';
import { setFault } from './set-fault.ts';
import type { ProjectImport, ProjectMode, ProjectProgress } from './types.ts';

export interface ImportProjectPorts {
  readonly store: DataSetStore;
  readonly database: RunDatabase;
  readonly newId: () => string;
  /** Milliseconds, never going back. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** What may still be stored; null where nobody knows. */
  readonly freeBytes: () => Promise<number | null>;
}

export interface ImportProjectOptions {
  readonly mode: ProjectMode;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ProjectProgress) => void;
}

/** What one transaction takes. */
const BATCH_BYTES = 32e6;
/** More of one checkpoint's file than any chunk that is written. */
const MAX_CHUNK_BYTES = 64 * 2 ** 20;

/** A set or a run of the project, and where it goes. */
interface Coming<Document> {
  readonly document: Document;
  readonly place: Place;
  /** Its number in the project, from 1. */
  readonly number: number;
}

/**
 * Takes a project in. Every part is read and its sha256 compared, also of what is there already. Pictures and weights are written
 * first, each set in one transaction after its pictures, and the runs' records last; where it fails or is cancelled all that
 * it wrote is deleted. Throws `bad-archive`, `storage` with `neededBytes` and `freeBytes`, `cancelled`, `not-found`.
 */
export async function importProject(
  file: Blob,
  name: string,
  ports: ImportProjectPorts,
  { mode, signal, onProgress }: ImportProjectOptions,
): Promise<ProjectImport> {
  const project = await openProject(file, name);
  signal.throwIfAborted();
  const bytes = project.manifest.parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const done = projectProgress({ way: 'in', name, bytesTotal: bytes }, ports.now, onProgress);
  const unread = new Set(project.parts.keys());
  const reading: OpenedProject = {
    ...project,
    async read(path) {
      signal.throwIfAborted();
      const part = await project.read(path);
      unread.delete(path);
      done(part.byteLength);
      return part;
    },
    async readJson(path, schema) {
      signal.throwIfAborted();
      const value = await project.readJson(path, schema);
      unread.delete(path);
      done(project.parts.get(path)?.byteLength ?? 0);
      return value;
    },
  };
  if (project.parts.has(PROJECT_NOTE)) await reading.read(PROJECT_NOTE);
  const settings = project.parts.has(SETTINGS_PATH) ? await reading.readJson(SETTINGS_PATH, settingsSchema) : null;
  const sets = await readSets(reading, mode, ports);
  const runs = await readRuns(reading, mode, ports);
  const neededBytes = neededFor(project, sets, runs);
  const freeBytes = await ports.freeBytes();
  if (freeBytes !== null && neededBytes > freeBytes) throw noRoom(name, neededBytes, freeBytes);
  const newSets = sets.filter(({ place }) => !place.isThere);
  const newRuns = runs.filter(({ place }) => !place.isThere);
  try {
    for (const { place } of newSets) {
      await ports.store.writeJournal({
        id: place.id,
        name: place.name,
        source: PROJECT_SOURCE,
        startedAtMs: ports.clock(),
      });
    }
    await takePictures(reading, sets, ports.store);
    for (const run of runs) await takeRun(reading, run, ports.database);
    const [stray] = unread;
    if (stray !== undefined) throw lies(name, `lists "${stray}", which none of its sets and runs has`);
    signal.throwIfAborted();
    for (const set of newSets) await writeSet(set, project, ports);
    await writeRecords(newRuns, sets, ports);
    for (const { place } of newSets) await ports.store.removeJournal(place.id);
  } catch (thrown) {
    await takeBack(newSets, newRuns, ports);
    const isFull = thrown instanceof StudioError && thrown.code === 'storage' && 'freeBytes' in thrown.details;
    throw isFull ? noRoom(name, neededBytes, await ports.freeBytes(), thrown) : thrown;
  }
  return {
    sets: outcome(sets),
    runs: outcome(runs),
    settings,
    parts: project.parts.size,
    bytes: file.size,
  };
}

async function readSets(project: OpenedProject, mode: ProjectMode, ports: ImportProjectPorts) {
  const documents: SetDocument[] = [];
  for (const [at, listed] of project.manifest.sets.entries()) {
    const path = setPath(at + 1);
    const set = await project.readJson(path, setSchema);
    const fault =
      (await setFault(set)) ?? (set.index.hash === listed.hash ? null : 'is not the one that the manifest lists');
    if (fault !== null)
      throw refusal(project.name, `has a set that does not hold together: "${path}" ${fault}. Save it again.`);
    documents.push(set);
  }
  return coming(documents, await placeSets(documents, mode, ports));
}

async function readRuns(project: OpenedProject, mode: ProjectMode, ports: ImportProjectPorts) {
  const documents: RunDocument[] = [];
  for (const [at] of project.manifest.runs.entries()) {
    // What the schema leaves open of settings was compared by its sha256, and is completed where runs are listed.
    documents.push((await project.readJson(runPath(at + 1), runSchema)) as unknown as RunDocument);
  }
  return coming(documents, await placeRuns(documents, mode, ports));
}

function coming<Document>(documents: readonly Document[], places: readonly Place[]): Coming<Document>[] {
  return documents.flatMap((document, at) => {
    const place = places[at];
    return place === undefined ? [] : [{ document, place, number: at + 1 }];
  });
}

/** Bytes of the pictures and weights that are to be written. */
function neededFor(
  { parts }: OpenedProject,
  sets: readonly Coming<SetDocument>[],
  runs: readonly Coming<RunDocument>[],
): number {
  const pictures = sets
    .filter(({ place }) => !place.isThere)
    .flatMap(({ document }) => document.pictures)
    .reduce((sum, [, sha256]) => sum + (parts.get(picturePath(sha256))?.byteLength ?? 0), 0);
  const weights = runs
    .filter(({ place }) => !place.isThere)
    .flatMap(({ document }) => document.checkpoints.flatMap(({ files }) => files))
    .reduce((sum, { bytes }) => sum + bytes, 0);
  return pictures + weights;
}

function noRoom(name: string, neededBytes: number, freeBytes: number | null, cause?: unknown): StudioError {
  const free = freeBytes === null ? '' : `, and ${bytesText(freeBytes)} are free`;
  const message = `The project file ${name} needs ${bytesText(neededBytes)} of this browser's storage${free}. Delete data sets or runs, or make room on the disk, then open it again. Nothing was added.`;
  return new StudioError('storage', message, { neededBytes, freeBytes }, { cause });
}

/** Each picture is read once, and written to every set that lacks it. */
async function takePictures(
  project: OpenedProject,
  sets: readonly Coming<SetDocument>[],
  store: DataSetStore,
): Promise<void> {
  const wanted = new Map<string, { readonly setId: string; readonly path: string }[]>();
  for (const { document, place } of sets) {
    for (const [path, sha256] of document.pictures) {
      const places = wanted.get(sha256) ?? [];
      wanted.set(sha256, places);
      if (!place.isThere) places.push({ setId: place.id, path });
    }
  }
  let batches = new Map<string, PictureBytes[]>();
  let waiting = 0;
  const flush = async (): Promise<void> => {
    const full = batches;
    batches = new Map();
    waiting = 0;
    for (const [setId, pictures] of full) await store.writePictures(setId, pictures);
  };
  for (const [sha256, places] of wanted) {
    const path = picturePath(sha256);
    const bytes = await project.read(path);
    if (project.parts.get(path)?.sha256 !== sha256)
      throw lies(project.name, `has another picture in place of "${path}"`);
    for (const { setId, path } of places) {
      const batch = batches.get(setId) ?? [];
      batches.set(setId, batch);
      batch.push({ path, bytes });
    }
    if (places.length > 0) waiting += bytes.byteLength;
    if (waiting >= BATCH_BYTES) await flush();
  }
  await flush();
}

/** Reads a run's weights and metrics, and writes them where the run is not there yet. */
async function takeRun(
  project: OpenedProject,
  { document: { checkpoints }, place, number }: Coming<RunDocument>,
  { checkpoints: kept, metrics }: RunDatabase,
): Promise<void> {
  for (const { kind, files } of checkpoints) {
    const at: RecordKey = [place.id, kind, 1];
    // With a manifest nobody who tidies takes it for half of one; without a record of its run it is no checkpoint.
    if (!place.isThere) await kept.put([[[...at, 'manifest'], { files: [] }]]);
    for (const [file, { name, bytes, chunks, sha256 }] of files.entries()) {
      const hash = await createSHA256();
      hash.init();
      let byteLength = 0;
      for (let chunk = 0; chunk < chunks; chunk += 1) {
        const path = chunkPath(number, kind, file, chunk);
        if ((project.parts.get(path)?.byteLength ?? 0) > MAX_CHUNK_BYTES)
          throw lies(project.name, `has too large a part, "${path}"`);
        const part = await project.read(path);
        hash.update(part);
        byteLength += part.byteLength;
        if (!place.isThere) await kept.put([[[...at, 'file', name, chunk], wholeBuffer(part)]]);
      }
      if (byteLength !== bytes || hash.digest('hex') !== sha256) {
        const path = `runs/${number}/${kind}`;
        throw refusal(
          project.name,
          `has a checkpoint whose checksum is not its own: ${name} in "${path}". Save it again.`,
        );
      }
    }
    if (!place.isThere) await kept.put([[[...at, 'manifest'], { files }]]);
  }
  const path = metricsPath(number);
  const lines = textOf(await project.read(path), path, project.name)
    .split('\n')
    .filter((line) => line !== '');
  const records: (readonly [RecordKey, StepRecord | EvalRecord])[] = lines.map((line) => {
    const record = checked(jsonOf(line), path, metricSchema, project.name);
    return [[place.id, record.step, 'eval' in record ? 'eval' : 'step'], record];
  });
  if (!place.isThere && records.length > 0) await metrics.put(records);
}

/** Undefined where it is none, which no schema takes. */
function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Told with the name of the part.
    return undefined;
  }
}

async function writeSet(
  { document: { summary, index, versions, edits, proposals = [], pictures }, place: { id, name } }: Coming<SetDocument>,
  { parts }: OpenedProject,
  { store }: ImportProjectPorts,
): Promise<void> {
  const bytes = pictures.reduce((sum, [, sha256]) => sum + (parts.get(picturePath(sha256))?.byteLength ?? 0), 0);
  await store.writeSet({
    summary: { ...summary, id, name, bytes },
    index: { ...index, id, name },
    pictureSha256: Object.fromEntries(pictures),
    versions,
    edits,
    proposals,
  });
}

/** All in one transaction, with the ids that sets and runs have here. */
async function writeRecords(
  runs: readonly Coming<RunDocument>[],
  sets: readonly Coming<SetDocument>[],
  { store, database }: ImportProjectPorts,
): Promise<void> {
  const taken = new Map(sets.map(({ document, place }) => [document.index.id, place]));
  const records: (readonly [RecordKey, RunRecord])[] = [];
  for (const { document, place } of runs) {
    const { summary, run } = document;
    const { id = summary.dataSet.id, name = summary.dataSet.name } =
      (await setOfRun(summary.dataSet, taken, store)) ?? {};
    const status = summary.status === 'going' ? 'interrupted' : summary.status;
    const bytes = await runBytes(database, place.id, summary.stepsDone);
    records.push([
      [place.id],
      {
        summary: {
          ...summary,
          id: place.id,
          name: place.name,
          status,
          bytes,
          dataSet: { ...summary.dataSet, id, name },
        },
        run: { ...run, ...('data' in run && { data: id }), ...('dataName' in run && { dataName: name }) },
      },
    ]);
  }
  if (records.length > 0) await database.runs.put(records);
}

/** Deletes what was written. Where that fails too, the next start sweeps it. */
async function takeBack(
  sets: readonly Coming<SetDocument>[],
  runs: readonly Coming<RunDocument>[],
  { store, database: { runs: records, metrics, checkpoints } }: ImportProjectPorts,
): Promise<void> {
  for (const { place } of runs) {
    for (const kept of [records, metrics, checkpoints]) await kept.delete([place.id]).catch(() => undefined);
  }
  for (const { place } of sets) {
    await store.removeSet(place.id).catch(() => undefined);
    await store.removeJournal(place.id).catch(() => undefined);
  }
}

function outcome(all: readonly Coming<unknown>[]): ProjectImport['sets'] {
  const taken = (isThere: boolean) =>
    all.filter(({ place }) => place.isThere === isThere).map(({ place: { id, name } }) => ({ id, name }));
  return { added: taken(false), there: taken(true) };
}

/** The buffer that these bytes fill, without what lies around them. */
function wholeBuffer(bytes: Uint8Array<ArrayBuffer>): ArrayBuffer {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
}
