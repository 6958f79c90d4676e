import { basename, dirname, join } from 'node:path';
import type { ModelFacts } from '../../src/interop/types.ts';
import { RUN_FILE, readMetrics } from '../../src/platform/node/run-store.ts';
import { runFacts, weightsFacts } from '../../src/train/model-facts.ts';
import { isThere } from '../cli/input-file.ts';
import { readRunFile } from '../training/run-file.ts';

export interface KnownFacts {
  readonly facts: ModelFacts;
  /** What `--data` named for the run; null for weights that belong to none. */
  readonly data: string | null;
}

/** What is known of weights by where they lie: a run's folder has its run.json and metrics.jsonl one folder up. */
export async function knownFacts(weightsPath: string): Promise<KnownFacts> {
  const folder = dirname(weightsPath);
  const run = dirname(folder);
  const kind = /^best(\.old)?$/.test(basename(folder)) ? 'best' : 'last';
  if (!/^(best|last)(\.old)?$/.test(basename(folder)) || !(await isThere(join(run, RUN_FILE)))) {
    // A model of the hub goes by its name, and lies in no folder.
    const isFile = /\.(safetensors|json)$/i.test(weightsPath);
    return { facts: weightsFacts(basename(isFile ? folder : weightsPath)), data: null };
  }
  const { data, model, dataHash, settings, ...rest } = await readRunFile(run);
  const dataName = 'dataName' in rest && typeof rest.dataName === 'string' ? rest.dataName : basename(data);
  // A card is for others: of a path only its end says something to them.
  const origin = { name: basename(run), from: basename(model), dataSet: { name: dataName, hash: dataHash }, settings };
  const records = await readMetrics(run);
  const steps = records.filter((record) => 'loss' in record);
  const evals = records.filter((record) => 'eval' in record);
  return { facts: runFacts(origin, { steps, evals }, kind), data };
}
