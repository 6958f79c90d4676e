import type { ClassRow } from '../base/class-rows.ts';
import { StudioError } from '../base/errors.ts';
import type { DataSet } from '../data/types.ts';
import { readCheckpointFiles } from '../interop/checkpoint-files.ts';
import { keptRunStore } from './kept-run-store.ts';
import type { TrainingRun } from './loop.ts';
import { overfitSet } from './overfit.ts';
import { settingsToResume } from './run-length.ts';
import type { TrainPorts } from './service.ts';
import { EVAL_SPLIT, TRAIN_SPLIT } from './splits.ts';
import { startingPoint } from './start.ts';
import { readTrainerState, type TrainerState } from './trainer-state.ts';
import type { RunRecord, RunRequest, RunStore, TrainSettings } from './types.ts';

/** A run whose data and weights are there and fit each other. */
export interface ReadyRun
  extends Pick<TrainingRun, 'dataSet' | 'checkpoint' | 'carriedClasses' | 'settings' | 'resumeFrom'> {
  /** What the weights that it started from are called. */
  readonly fromName: string;
  /** From which row of the weights' class head each class started; null where an earlier version did not note it. */
  readonly classRows: readonly ClassRow[] | null;
  /** What a person should know of the start, in sentences. */
  readonly notices: readonly string[];
}

/**
 * Opens what a new run asks for. Throws `not-found`, `bad-weights`, `bad-config`, `network` where that cannot be had,
 * `bad-data-set` where a split that it needs has no picture or the set no class, `usage` where its class table does not fit.
 */
export async function readyRun(
  { dataSet: open, openWeights }: Pick<TrainPorts, 'dataSet' | 'openWeights'>,
  { dataSetId, from, settings, classMap }: RunRequest,
): Promise<ReadyRun> {
  const [{ checkpoint: weights, name: fromName }, whole] = await Promise.all([openWeights(from), open(dataSetId)]);
  const dataSet = usedParts(whole, settings);
  return { ...startingPoint(weights, dataSet, settings, classMap), dataSet, settings, fromName };
}

/**
 * Opens what a kept run needs to go on from its last checkpoint. Throws `not-found` where it has none, `usage` where it has
 * made all its steps, `bad-data-set` where the data set is another one by now, `storage` where the checkpoint is damaged.
 */
export async function pointOfReturn(
  { database, dataSet: open }: Pick<TrainPorts, 'database' | 'dataSet'>,
  { summary, run }: RunRecord,
  onNotice: (message: string) => void,
): Promise<ReadyRun & { readonly resumeFrom: TrainerState; readonly store: RunStore }> {
  const { id, name, dataSet: trainedOn } = summary;
  const store = keptRunStore(database, { id, name, onNotice });
  const files = await store.loadCheckpoint('last');
  if (files === null) {
    throw new StudioError('not-found', `The run "${name}" has no checkpoint to go on from; start it anew.`, {
      run: id,
    });
  }
  const resumeFrom = readTrainerState(files);
  const settings = settingsToResume(summary.settings, resumeFrom);
  if (resumeFrom.step >= settings.steps) {
    throw new StudioError('usage', `The run "${name}" has made all its ${settings.steps} steps.`, { run: id });
  }
  const whole = await open(trainedOn.id, trainedOn.hash);
  if (whole.hash !== trainedOn.hash) throw changed(name, trainedOn, whole);
  return {
    dataSet: usedParts(whole, settings),
    checkpoint: readCheckpointFiles(files, name),
    carriedClasses: typeof run.carriedClasses === 'number' ? run.carriedClasses : 0,
    settings,
    fromName: summary.from,
    classRows: null,
    notices: [],
    resumeFrom,
    store,
  };
}

/** The data set as the settings use it, with a picture in each split that is needed. */
function usedParts(whole: DataSet, settings: TrainSettings): DataSet {
  if (whole.classes.length === 0) {
    const message = `${whole.name} has no class yet, so there is nothing to learn. Label some of its pictures first.`;
    throw new StudioError('bad-data-set', message, { name: whole.name });
  }
  const dataSet = overfitSet(whole, settings.overfitPictures);
  requirePictures(dataSet, TRAIN_SPLIT, 'Label some pictures for it.');
  if (settings.evalEvery > 0)
    requirePictures(dataSet, EVAL_SPLIT, 'Label more pictures, or train without evaluating: "Evaluate every" 0.');
  return dataSet;
}

function requirePictures(dataSet: DataSet, split: string, advice: string): void {
  if (new Map(Object.entries(dataSet.splits)).get(split)?.length) return;
  throw new StudioError(
    'bad-data-set',
    `The split "${split}" of ${dataSet.name} has no usable picture; expected at least one. ${advice}`,
    { split },
  );
}

function changed(run: string, before: { readonly hash: string }, { name, hash }: DataSet): StudioError {
  return new StudioError(
    'bad-data-set',
    `The data set "${name}" has changed since "${run}" began (its hash was ${before.hash.slice(0, 12)}, and is ${hash.slice(0, 12)}), so the run cannot go on. Start a new run from its weights.`,
    { before: before.hash, now: hash },
  );
}
