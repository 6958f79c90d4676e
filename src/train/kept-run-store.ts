import { toStudioError } from '../base/errors.ts';
import { loadGeneration, saveGeneration } from './checkpoint-generations.ts';
import { changeRun } from './kept-runs.ts';
import type { EvalRecord, RecordKey, RunDatabase, RunStore, StepRecord } from './types.ts';

export interface KeptRunStoreOptions {
  readonly id: string;
  readonly name: string;
  /** A sentence for the person who trains. */
  readonly onNotice: (message: string) => void;
}

/**
 * A run in the database, whose record is there already. Checkpoints throw `storage`; a record of a step that is refused
 * waits, is said once, and goes in with the next one.
 */
export function keptRunStore(database: RunDatabase, { id, name, onNotice }: KeptRunStoreOptions): RunStore {
  const { metrics, checkpoints } = database;
  let waiting: (StepRecord | EvalRecord)[] = [];
  let isRefused = false;

  return {
    out: name,
    async clear() {
      await metrics.delete([id]);
      await checkpoints.delete([id]);
    },
    writeRun: (run) => changeRun(database, id, (record) => ({ ...record, run })),
    async appendMetrics(record) {
      waiting.push(record);
      try {
        await metrics.put(waiting.map((each) => [metricKey(id, each), each] as const));
        waiting = [];
        isRefused = false;
      } catch (thrown) {
        const error = toStudioError(thrown);
        if (error.code !== 'storage') throw error;
        if (!isRefused) onNotice(`The curves cannot be kept at the moment. ${error.message} Training goes on.`);
        isRefused = true;
      }
    },
    async truncateMetrics(lastStep) {
      waiting = waiting.filter(({ step }) => step <= lastStep);
      await metrics.delete([id], lastStep + 1);
    },
    saveCheckpoint: (kind, files) => saveGeneration(checkpoints, id, kind, files),
    async loadCheckpoint(kind) {
      const loaded = await loadGeneration(checkpoints, id, kind);
      if (loaded !== null && loaded.refused > 0) {
        onNotice(`The newest ${kind} checkpoint was damaged and refused by its checksum; the one before it is taken.`);
      }
      return loaded?.files ?? null;
    },
  };
}

function metricKey(id: string, record: StepRecord | EvalRecord): RecordKey {
  return [id, record.step, 'eval' in record ? 'eval' : 'step'];
}
