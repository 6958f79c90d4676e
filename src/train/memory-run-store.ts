import type { CheckpointKind, RunStore } from './types.ts';

/** A run that lives as long as its tab: the newest of each checkpoint, in memory. Records go to the page as events alone. */
export function memoryRunStore(name: string): RunStore {
  const checkpoints = new Map<CheckpointKind, ReadonlyMap<string, Uint8Array>>();
  return {
    out: name,
    clear: async () => checkpoints.clear(),
    writeRun: async () => {},
    appendMetrics: async () => {},
    truncateMetrics: async () => {},
    saveCheckpoint: async (kind, files) => {
      checkpoints.set(kind, files);
    },
    loadCheckpoint: async (kind) => checkpoints.get(kind) ?? null,
  };
}
