import { basename, join } from 'node:path';
import type { ClassMap } from '../../src/base/class-rows.ts';
import { StudioError } from '../../src/base/errors.ts';
import type { DataSet } from '../../src/data/types.ts';
import type { Checkpoint } from '../../src/interop/checkpoint-files.ts';
import { RUN_FILE } from '../../src/platform/node/run-store.ts';
import { overfitSet } from '../../src/train/overfit.ts';
import { startingPoint } from '../../src/train/start.ts';
import type { TrainSettings } from '../../src/train/types.ts';
import { isFile } from '../cli/input-file.ts';
import { type CommandContext, refuseUsage } from '../cli/run-command.ts';
import { openCheckpoint, openModel } from '../sources/open-checkpoint.ts';
import { openDataSet } from '../sources/open-data-set.ts';
import { readRunFile } from '../training/run-file.ts';
import { resolveSettings } from '../training/settings.ts';

/** What a trainer folder is made of. */
export interface TrainerSource {
  readonly dataSet: DataSet;
  readonly settings: TrainSettings;
  /** With the head and size that training starts with. */
  readonly checkpoint: Checkpoint;
  readonly weightsName: string;
}

/** What was named on the command line. */
export interface TrainerChoice {
  readonly weights: string;
  readonly data: string | undefined;
  readonly classMap: ClassMap;
  readonly mirror: string | undefined;
}

/**
 * A run's data, settings and starting weights, as run.json names them; or weights with `data`, with the settings that a run of
 * them would have. A run's folder with `data` stands for its best weights.
 *
 * Throws `usage` for weights without data, `bad-data-set` where the data of the run has changed since, `bad-weights` where
 * the weights that it started from have, and as what it opens.
 */
export async function trainerSource(
  { weights, data, classMap, mirror }: TrainerChoice,
  context: CommandContext,
): Promise<TrainerSource> {
  if (data === undefined) {
    if (!(await isFile(join(weights, RUN_FILE)))) {
      refuseUsage(`${weights} is no run; expected a run's folder, or weights with --data: say --data D.`);
    }
    if (classMap.size > 0) {
      refuseUsage('Found --class-map with a run, which has its own class rows; expected --data as well. Leave it out.');
    }
    return ofRun(weights, { mirror, context });
  }
  const { checkpoint: from } = await openCheckpoint(weights, { mirror, context });
  const dataSet = await openDataSet(data, context);
  const { settings } = resolveSettings({ model: weights }, from, dataSet, false);
  const { checkpoint, notices } = startingPoint(from, dataSet, settings, classMap);
  for (const notice of notices) context.say(notice);
  return { dataSet, settings, checkpoint, weightsName: nameOf(weights) };
}

async function ofRun(
  folder: string,
  { mirror, context }: Pick<TrainerChoice, 'mirror'> & { readonly context: CommandContext },
): Promise<TrainerSource> {
  const run = await readRunFile(folder);
  const { settings, model } = run;
  const { checkpoint: from } = await openModel(model, settings.seed, { mirror, context });
  const whole = await openDataSet(run.data, context);
  if (whole.hash !== run.dataHash) {
    const [before, now] = [run.dataHash, whole.hash].map((hash) => hash.slice(0, 12));
    throw new StudioError(
      'bad-data-set',
      `The data set in ${run.data} has changed since the run ${folder} (its hash was ${before}, and is ${now}). Bring it back, or export ${folder} with --data for its best weights and the set as it is.`,
    );
  }
  const dataSet = overfitSet(whole, settings.overfitPictures);
  const rows: ClassMap = new Map(run.classRows?.map(({ name, from: row }) => [name, row]));
  const start = startingPoint(from, dataSet, settings, rows);
  if (start.carriedClasses !== run.carriedClasses) {
    throw new StudioError(
      'bad-weights',
      `${model} knows ${start.carriedClasses} of the classes of the run ${folder}, and knew ${run.carriedClasses} when it began. Bring those weights back, or export ${folder} with --data for its best ones.`,
    );
  }
  return { dataSet, settings, checkpoint: start.checkpoint, weightsName: model };
}

function nameOf(weights: string): string {
  return basename(weights) || weights;
}
