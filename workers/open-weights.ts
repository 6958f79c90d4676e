import { BUNDLED_WEIGHTS_NAME } from '../src/base/bundled.ts';
import { type Checkpoint, readCheckpointFiles } from '../src/interop/checkpoint-files.ts';
import { readDroppedCheckpoint } from '../src/interop/dropped-checkpoint.ts';
import { hubModelClasses, openHubModel } from '../src/interop/hub-kept.ts';
import type { WeightsSource } from '../src/interop/types.ts';
import { runCheckpointFiles } from '../src/train/run-checkpoint.ts';
import { bundledCheckpoint } from './bundled.ts';
import { hubStore, keptRuns } from './kept.ts';

/** Weights with the name that people know them by. */
export interface OpenedWeights {
  readonly checkpoint: Checkpoint;
  readonly name: string;
}

/**
 * The checkpoint that came with the studio, a run's, one of the hub that is kept, or one in files that a person gave. Throws `network`, `not-found`,
 * `bad-weights`, `bad-config`, `bad-archive`, `storage`.
 */
export async function openWeights(source: WeightsSource): Promise<OpenedWeights> {
  switch (source.kind) {
    case 'bundled':
      return { checkpoint: await bundledCheckpoint(), name: BUNDLED_WEIGHTS_NAME };
    case 'files':
      return { checkpoint: await readDroppedCheckpoint(source.name, source.files), name: source.name };
    case 'hub':
      return { checkpoint: await openHubModel(hubStore, source.name), name: source.name };
    case 'run': {
      const { files, name } = await runCheckpointFiles(keptRuns, source.runId, source.checkpoint);
      return { checkpoint: readCheckpointFiles(files, name), name: `${name}, ${source.checkpoint}` };
    }
  }
}

/** The classes of weights, in the order of their head. Throws as `openWeights`. */
export async function classesOf(source: WeightsSource): Promise<readonly string[]> {
  // A model of the hub may be large, and its config tells.
  if (source.kind === 'hub') return hubModelClasses(hubStore, source.name);
  return (await openWeights(source)).checkpoint.config.labels;
}
