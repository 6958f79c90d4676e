import { makeZip } from 'client-zip';
import { StudioError } from '../base/errors.ts';
import { fileStem } from '../base/file-stem.ts';
import { sharedPromise } from '../base/shared-promise.ts';
import { CONFIG_FILE, PREPROCESSOR_FILE, WEIGHTS_FILE } from '../interop/checkpoint-names.ts';
import { changeRun, deleteRun, keptRun, listRuns, runHistory, sweepStrayRuns, tidyRuns } from './kept-runs.ts';
import { runCheckpointFiles } from './run-checkpoint.ts';
import type { CheckpointKind, RunDatabase, RunHistory, RunSummary } from './types.ts';

/** What the service is given: the platform's sides of each port. */
export interface RunsPorts {
  readonly database: RunDatabase;
  /** Whether a run goes on, in whatever tab. */
  readonly isTraining: () => Promise<boolean>;
  /** Whether some tab takes something in: of a project's runs parts may lie there before their records. */
  readonly isImporting?: () => Promise<boolean>;
  /** Does something while no run gets past its beginning. */
  readonly whileNoneBegins: <T>(work: () => Promise<T>) => Promise<T>;
}

/** A file to keep. */
interface NamedBlob {
  readonly name: string;
  readonly blob: Blob;
}

/** What can be done with the runs that are kept in this browser. It needs no GPU. */
export interface RunsService {
  /** Newest first. */
  runs(): Promise<readonly RunSummary[]>;
  /** Throws `not-found`, as all that follow. */
  runHistory(id: string): Promise<RunHistory>;
  /** Throws `usage` for an empty name. */
  renameRun(id: string, name: string): Promise<void>;
  noteRun(id: string, note: string): Promise<void>;
  /** Throws `usage` while it trains. */
  removeRun(id: string): Promise<{ readonly freedBytes: number }>;
  /** One complete `.safetensors`. */
  runWeights(id: string, checkpoint: CheckpointKind): Promise<NamedBlob>;
  /** The run as a zip of a folder: its best checkpoint (the last where none was evaluated), metrics.jsonl, run.json. */
  exportRun(id: string): Promise<NamedBlob>;
}

/** The service over a database of runs. */
export function createRunsService({
  database,
  isTraining,
  isImporting = async () => false,
  whileNoneBegins,
}: RunsPorts): RunsService {
  /** What a crash has left is put in order once, unless a run goes on: a run that begins does the same. */
  const tidy = sharedPromise(() =>
    whileNoneBegins(async () => {
      if (await isTraining()) return;
      await tidyRuns(database);
      if (!(await isImporting())) await sweepStrayRuns(database);
    }),
  );

  const change = (id: string, part: Partial<Pick<RunSummary, 'name' | 'note'>>) =>
    changeRun(database, id, (record) => ({ ...record, summary: { ...record.summary, ...part } }));

  return {
    async runs() {
      await tidy.get();
      return listRuns(database, await isTraining());
    },
    async runHistory(id) {
      return runHistory(database, id, await isTraining());
    },
    async renameRun(id, name) {
      const trimmed = name.trim();
      if (trimmed === '') throw new StudioError('usage', 'Found an empty name; expected one to tell the run by.');
      await change(id, { name: trimmed });
    },
    noteRun: (id, note) => change(id, { note }),
    async removeRun(id) {
      const { summary } = await keptRun(database, id);
      if (summary.status === 'going' && (await isTraining())) {
        throw new StudioError('usage', `The run "${summary.name}" is training. Stop it before you delete it.`, {
          run: id,
        });
      }
      return deleteRun(database, id);
    },
    async runWeights(id, checkpoint) {
      const { files, name } = await runCheckpointFiles(database, id, checkpoint);
      const bytes = fileOf(files, WEIGHTS_FILE);
      return { name: `${fileStem(name, 'run')}-${checkpoint}.safetensors`, blob: new Blob([bytes]) };
    },
    async exportRun(id) {
      const { summary, run } = await keptRun(database, id);
      const files = await bestFiles(database, id);
      const stem = fileStem(summary.name, 'run');
      const entries = [
        ...[CONFIG_FILE, PREPROCESSOR_FILE, WEIGHTS_FILE].map((name) => ({ name, input: fileOf(files, name) })),
        { name: 'metrics.jsonl', input: metricsLines(await runHistory(database, id, false)) },
        { name: 'run.json', input: `${JSON.stringify({ ...run, name: summary.name, note: summary.note }, null, 2)}\n` },
      ].map(({ name, input }) => ({ name: `${stem}/${name}`, input, lastModified: new Date(summary.startedAtMs) }));
      return { name: `${stem}.zip`, blob: await new Response(makeZip(entries)).blob() };
    },
  };
}

/** A run's records as the lines of metrics.jsonl: by step, an evaluation after the step that it follows. */
export function metricsLines({ steps, evals }: Pick<RunHistory, 'steps' | 'evals'>): string {
  const records = [...steps, ...evals].toSorted((a, b) => a.step - b.step);
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

async function bestFiles(database: RunDatabase, id: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const { files } = await runCheckpointFiles(database, id, 'best').catch((error: unknown) => {
    if (!(error instanceof StudioError) || error.code !== 'not-found') throw error;
    return runCheckpointFiles(database, id, 'last');
  });
  return files;
}

function fileOf(files: ReadonlyMap<string, Uint8Array>, name: string): Uint8Array<ArrayBuffer> {
  const bytes = files.get(name);
  if (bytes === undefined)
    throw new StudioError('storage', `The checkpoint of this run has no ${name}; take the other one.`);
  return bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength
    ? new Uint8Array(bytes.buffer)
    : Uint8Array.from(bytes);
}
