import { makeZip } from 'client-zip';
import { createSHA256 } from 'hash-wasm';
import { StudioError, toStudioError } from '../base/errors.ts';
import type { DataSetStore } from '../data/types.ts';
import type { RunDatabase } from '../train/types.ts';
import type { ProjectManifest } from './format.ts';
import { projectProgress } from './progress.ts';
import type { ProjectChoice, ProjectImport, ProjectMode, ProjectProgress, ProjectReceipt } from './types.ts';
import { projectFiles } from './write-project.ts';

/** What the service is given: the platform's sides of each port. */
export interface ProjectPorts {
  readonly store: DataSetStore;
  readonly database: RunDatabase;
  /** Does the work while no other tab imports; throws `usage` where one does. */
  readonly importing: <T>(work: () => Promise<T>) => Promise<T>;
  readonly isTraining: () => Promise<boolean>;
  /** A new, empty file on the disk that nobody sees, in place of the last one; null where the browser has none. */
  readonly scratchFile: () => Promise<FileSystemFileHandle | null>;
  readonly freeBytes: () => Promise<number | null>;
  readonly newId: () => string;
  /** Milliseconds, never going back. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** Projects: what this browser keeps, or a part of it, as one file. One goes out or comes in at a time. */
export function createProjectService(ports: ProjectPorts) {
  let current: AbortController | null = null;

  const alone = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    if (current !== null) {
      throw new StudioError('usage', 'A project file is being written or opened. Wait until it is done, or cancel it.');
    }
    const mine = new AbortController();
    current = mine;
    try {
      return await work(mine.signal);
    } catch (thrown) {
      throw mine.signal.aborted ? new StudioError('cancelled', 'Stopped on request.') : toStudioError(thrown);
    } finally {
      current = null;
    }
  };

  return {
    /**
     * Writes a project into `target`, or into a file for the page to offer where none is given. Where it fails or is cancelled,
     * `target` is what it was before. Throws `usage` for a run that trains, `not-found`, `storage`, `cancelled`.
     */
    exportProject: (
      choice: ProjectChoice,
      name: string,
      target: FileSystemFileHandle | null,
      onProgress: (progress: ProjectProgress) => void,
    ): Promise<{
      readonly file: { readonly name: string; readonly blob: Blob } | null;
      readonly receipt: ProjectReceipt;
    }> =>
      alone(async (signal) => {
        const bytesTotal = await estimatedBytes(choice, ports);
        const done = projectProgress({ way: 'out', name: target?.name ?? name, bytesTotal }, ports.now, onProgress);
        const hash = await createSHA256();
        hash.init();
        let bytes = 0;
        let manifest: ProjectManifest | null = null;
        const files = projectFiles(choice, ports, signal, (made) => {
          manifest = made;
        });
        const counted = new TransformStream<Uint8Array, Uint8Array<ArrayBuffer>>({
          transform(chunk, controller) {
            hash.update(chunk);
            bytes += chunk.byteLength;
            done(chunk.byteLength);
            controller.enqueue(chunk as Uint8Array<ArrayBuffer>);
          },
        });
        const stream = makeZip(files).pipeThrough(counted);
        const blob = await write(stream, target, ports, signal);
        return {
          file: blob === null ? null : { name, blob },
          receipt: { ...countsOf(manifest), bytes, sha256: hash.digest('hex') },
        };
      }),

    /** As `importProject`. Throws `usage` where another tab imports. */
    importProject: (
      file: Blob,
      name: string,
      mode: ProjectMode,
      onProgress: (progress: ProjectProgress) => void,
    ): Promise<ProjectImport> =>
      alone(async (signal) => {
        const { importProject } = await import('./import-project.ts');
        return ports.importing(() => importProject(file, name, ports, { mode, signal, onProgress }));
      }),

    async cancelProject(): Promise<void> {
      current?.abort();
    },
  };
}

/** What the sets and runs take on the disk. Throws `usage` for a run that trains. */
async function estimatedBytes(choice: ProjectChoice, { store, database, isTraining }: ProjectPorts): Promise<number> {
  const [sets, runs, trains] = await Promise.all([store.summaries(), database.runs.values([]), isTraining()]);
  const chosenRuns = runs.filter(({ summary }) => choice.runs.includes(summary.id));
  const going = chosenRuns.find(({ summary }) => summary.status === 'going');
  if (going !== undefined && trains) {
    const message = `The run "${going.summary.name}" is training. Leave it out, or wait for its end.`;
    throw new StudioError('usage', message, { run: going.summary.id });
  }
  const chosen = [...sets.filter(({ id }) => choice.sets.includes(id)), ...chosenRuns.map(({ summary }) => summary)];
  return chosen.reduce((sum, { bytes }) => sum + bytes, 0);
}

function countsOf(manifest: ProjectManifest | null): Pick<ProjectReceipt, 'sets' | 'runs' | 'parts'> {
  const { sets = [], runs = [], parts = [] } = manifest ?? {};
  return { sets: sets.length, runs: runs.length, parts: parts.length };
}

/** Null where it was written into `target`. */
async function write(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  target: FileSystemFileHandle | null,
  { scratchFile }: Pick<ProjectPorts, 'scratchFile'>,
  signal: AbortSignal,
): Promise<Blob | null> {
  const handle = target ?? (await scratchFile());
  if (handle === null) {
    const blob = await new Response(stream).blob();
    signal.throwIfAborted();
    return blob;
  }
  try {
    // Until it is closed the file is what it was before.
    await stream.pipeTo(await handle.createWritable(), { signal });
  } catch (thrown) {
    await removeEmpty(handle);
    if (!(thrown instanceof Error) || thrown.name !== 'QuotaExceededError') throw thrown;
    const message =
      'The disk is full, or this browser gives the studio no more of it. Make room, then save the project again; no half of it was kept.';
    throw new StudioError('storage', message, {}, { cause: thrown });
  }
  return target === null ? handle.getFile() : null;
}

/** The browser's dialog has made the file; one that was there before keeps what it had. */
async function removeEmpty(handle: FileSystemFileHandle & { remove?(): Promise<void> }): Promise<void> {
  try {
    if ((await handle.getFile()).size === 0) await handle.remove?.();
  } catch {
    // An empty file stays, where the browser cannot delete it.
  }
}
