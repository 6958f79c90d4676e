import { StudioError } from '../base/errors.ts';
import { PROJECT_FORMAT, PROJECT_MANIFEST, PROJECT_NOTE } from '../base/project-format.ts';
import { sha256Hex } from '../data/sha256.ts';
import type { DataSetStore } from '../data/types.ts';
import { soundGeneration } from '../train/checkpoint-generations.ts';
import { keptRun, withTrueStatus } from '../train/kept-runs.ts';
import { metricsLines } from '../train/runs-service.ts';
import type { CheckpointKind, RecordKey, RunDatabase } from '../train/types.ts';
import {
  type CheckpointDocument,
  chunkPath,
  metricsPath,
  PROJECT_VERSION,
  type ProjectManifest,
  type ProjectPart,
  picturePath,
  type RunDocument,
  runPath,
  SETTINGS_PATH,
  type SetDocument,
  setPath,
} from './format.ts';
import { setFault } from './set-fault.ts';
import type { ProjectChoice } from './types.ts';

/** One file of the zip, with its bytes. */
export interface ProjectFile {
  readonly name: string;
  readonly input: Uint8Array<ArrayBuffer>;
  readonly lastModified: Date;
}

export interface WritePorts {
  readonly store: DataSetStore;
  readonly database: RunDatabase;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export const NOTE = `This is a project of Detrain: data sets with their labels and versions, and runs with their weights.
Open it in the studio with "Open a project file", or drop it there. detrain-project.json lists its parts.
`;

/** How often a set is read again because it was edited meanwhile. */
const READ_ATTEMPTS = 5;

/**
 * The files of a project, one after the other, of which at most one is held: a note, the settings, the sets, each picture once, the runs, and
 * last the manifest. `onManifest` hears it before it goes out. Throws `not-found`, and `storage` where what is kept is damaged.
 */
export async function* projectFiles(
  choice: ProjectChoice,
  { store, database, clock }: WritePorts,
  signal: AbortSignal,
  onManifest: (manifest: ProjectManifest) => void,
): AsyncGenerator<ProjectFile, void, undefined> {
  const madeAtMs = clock();
  const lastModified = new Date(madeAtMs);
  const parts: ProjectPart[] = [];
  const fileOf = async (path: string, input: Uint8Array<ArrayBuffer>, sha256?: string): Promise<ProjectFile> => {
    signal.throwIfAborted();
    parts.push({ path, byteLength: input.byteLength, sha256: sha256 ?? (await sha256Hex(input)) });
    return { name: path, input, lastModified };
  };
  yield await fileOf(PROJECT_NOTE, bytesOfText(NOTE));
  yield await fileOf(SETTINGS_PATH, bytesOfJson(choice.settings));

  const sets: ProjectManifest['sets'][number][] = [];
  const written = new Set<string>();
  for (const id of choice.sets) {
    const { set, picturesOf } = await setDocument(store, id);
    sets.push({ id, name: set.index.name, hash: set.index.hash });
    yield await fileOf(setPath(sets.length), bytesOfJson(set));
    for (const [path, sha256] of set.pictures) {
      if (written.has(sha256)) continue;
      written.add(sha256);
      const bytes = await store.picture(picturesOf, path);
      if (bytes === null) throw lacksPicture(set.index.name, path);
      if ((await sha256Hex(bytes)) !== sha256) throw damagedPicture(set.index.name, path);
      yield await fileOf(picturePath(sha256), bytes, sha256);
    }
  }

  const runs: ProjectManifest['runs'][number][] = [];
  for (const id of choice.runs) {
    // As it is kept: a newer studio adds the settings that it lacks when it is read.
    const record = (await database.runs.get([id])) ?? (await keptRun(database, id));
    const summary = withTrueStatus(record.summary, false);
    const number = runs.push({ id, name: summary.name });
    const checkpoints: CheckpointDocument[] = [];
    for (const kind of ['last', 'best'] as const) {
      const found = await soundOf(database, id, kind, summary.name);
      if (found === null) continue;
      checkpoints.push({ kind, files: found.manifest.files });
      for (const [file, { name, chunks }] of found.manifest.files.entries()) {
        for (let chunk = 0; chunk < chunks; chunk += 1) {
          const bytes = await database.checkpoints.get([...found.place, 'file', name, chunk]);
          if (!(bytes instanceof ArrayBuffer)) throw changedMeanwhile(summary.name);
          yield await fileOf(chunkPath(number, kind, file, chunk), new Uint8Array(bytes));
        }
      }
    }
    const records = await database.metrics.values([id]);
    const steps = records.filter((each) => 'loss' in each);
    const evals = records.filter((each) => 'eval' in each);
    yield await fileOf(metricsPath(number), bytesOfText(metricsLines({ steps, evals })));
    yield await fileOf(runPath(number), bytesOfJson({ summary, run: record.run, checkpoints } satisfies RunDocument));
  }

  const manifest: ProjectManifest = { format: PROJECT_FORMAT, version: PROJECT_VERSION, madeAtMs, sets, runs, parts };
  onManifest(manifest);
  yield { name: PROJECT_MANIFEST, input: bytesOfJson(manifest), lastModified };
}

/**
 * All that is kept of a set, from one moment, and the id under which its pictures are stored: one that shares another's goes out as if they
 * were its own. Throws `not-found`, and `storage` where it does not hold together.
 */
export async function setDocument(
  store: DataSetStore,
  id: string,
): Promise<{ readonly set: SetDocument; readonly picturesOf: string }> {
  for (let attempt = 1; ; attempt += 1) {
    const revision = await store.revision(id);
    const [summaries, kept, versions, edits, proposals] = await Promise.all([
      store.summaries(),
      store.index(id),
      store.versions(id),
      store.openEdits(id),
      store.proposalRecords(id),
    ]);
    const listed = summaries.find((set) => set.id === id);
    if (kept === null || listed === undefined) {
      const message = 'A data set that was chosen is not in this browser any more. Choose again.';
      throw new StudioError('not-found', message, { id });
    }
    const { picturesOf = id, ...index } = kept;
    const { picturesOf: _, ...summary } = listed;
    const stored = await store.picturePaths(picturesOf);
    if ((await store.revision(id)) !== revision && attempt < READ_ATTEMPTS) continue;
    const used = new Set(index.samples.map(({ imagePath }) => imagePath));
    const known = new Map(Object.entries((await store.pictureSha256(picturesOf)) ?? {}));
    const pictures: [string, string][] = [];
    // Its own are all there for its versions; of another's it has those that it shows.
    for (const path of picturesOf === id ? stored : stored.filter((each) => used.has(each))) {
      pictures.push([path, known.get(path) ?? (await hashOfPicture(store, { ...index, id: picturesOf }, path))]);
    }
    const set: SetDocument = { summary, index, versions, edits, ...(proposals.length > 0 && { proposals }), pictures };
    const fault = await setFault(set);
    if (fault === null) return { set, picturesOf };
    const message = `What this browser has stored of the data set "${index.name}" ${fault}. Leave it out, or delete it and import it again.`;
    throw new StudioError('storage', message, { id });
  }
}

async function hashOfPicture(store: DataSetStore, { id, name }: SetDocument['index'], path: string): Promise<string> {
  const bytes = await store.picture(id, path);
  if (bytes === null) throw lacksPicture(name, path);
  return sha256Hex(bytes);
}

async function soundOf({ checkpoints }: RunDatabase, id: string, kind: CheckpointKind, name: string) {
  try {
    return await soundGeneration(checkpoints, id, kind);
  } catch (thrown) {
    if (!(thrown instanceof StudioError) || thrown.code !== 'storage') throw thrown;
    const message = `The ${kind} checkpoint of the run "${name}" is damaged: its checksum is not that of what was saved. Leave the run out.`;
    throw new StudioError('storage', message, { run: id }, { cause: thrown });
  }
}

function lacksPicture(set: string, path: string): StudioError {
  const message = `The picture ${path} of "${set}" is not in this browser's storage any more. Leave the set out, or delete it and import it again.`;
  return new StudioError('storage', message, { path });
}

function damagedPicture(set: string, path: string): StudioError {
  const message = `The picture ${path} of "${set}" is not what was stored: its checksum is another. Leave the set out, or delete it and import it again.`;
  return new StudioError('storage', message, { path });
}

function changedMeanwhile(run: string): StudioError {
  return new StudioError('storage', `The run "${run}" was changed while it was written. Save the project again.`, {
    run,
  });
}

function bytesOfText(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function bytesOfJson(value: unknown): Uint8Array<ArrayBuffer> {
  return bytesOfText(JSON.stringify(value));
}

/** The place of a generation that comes in. */
export const firstGeneration = (runId: string, kind: CheckpointKind): RecordKey => [runId, kind, 1];
