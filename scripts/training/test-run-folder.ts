import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsBeforeRecipes } from '../../src/base/recipes.ts';
import { METRICS_FILE, RUN_FILE } from '../../src/platform/node/run-store.ts';

export interface PaintedRun {
  /** What `--data` named. */
  readonly data: string;
  readonly dataHash: string;
  /** The lines of metrics.jsonl. */
  readonly metrics: readonly object[];
}

/** For tests: a run's folder as train writes it, without weights; gives the folder. */
export function runFolder(folder: string, { data, dataHash, metrics }: PaintedRun): string {
  mkdirSync(folder, { recursive: true });
  const settings = {
    ...settingsBeforeRecipes(null),
    steps: 100,
    batch: 2,
    accumulate: 1,
    size: 160,
    lr: 2e-4,
    lrBackbone: 2e-5,
    weightDecay: 1e-4,
    clip: 0.1,
    dropout: 0,
    lrDrop: null,
    freezeBackbone: false,
    seed: 3,
    evalEvery: 0,
    evalImages: null,
    checkpointEvery: 50,
    maxSeconds: null,
  };
  const run = { data, model: 'tiny', dataName: 'painted', dataHash, carriedClasses: 0, settings };
  writeFileSync(join(folder, RUN_FILE), JSON.stringify(run));
  writeFileSync(join(folder, METRICS_FILE), metrics.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return folder;
}
