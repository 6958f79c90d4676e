import { samplesOfSplit } from '../data/picture-source.ts';
import type { DataSet } from '../data/types.ts';
import type { Checkpoint } from '../interop/checkpoint-files.ts';
import { targetSlots } from '../loss/targets.ts';
import type { AdapterStore } from '../tf/types.ts';
import type { RecordedStepOptions } from './recorded-step.ts';
import { TRAIN_SPLIT } from './splits.ts';
import type { TrainSettings } from './types.ts';

/** What a run's steps are made from, by its settings, its model and its data. */
export function stepperOptions({
  settings,
  checkpoint,
  dataSet,
  submissionMs,
  adapters,
  signal,
}: {
  readonly settings: TrainSettings;
  readonly checkpoint: Pick<Checkpoint, 'config'>;
  readonly dataSet: DataSet;
  readonly submissionMs: number;
  readonly adapters?: AdapterStore;
  readonly signal?: AbortSignal;
}): RecordedStepOptions {
  const { clip, accumulate, recompute, dropout: residual, seed } = settings;
  const { attentionDropout: attention, activationDropout: activation } = checkpoint.config;
  return {
    clip,
    accumulate,
    recompute,
    slots: targetSlots(mostObjects(dataSet)),
    submissionMs,
    ...(adapters && { adapters }),
    ...(signal && { signal }),
    ...(residual > 0 && { dropout: { residual, attention, activation, seed } }),
  };
}

/** The most objects that a picture to train on has. */
function mostObjects(dataSet: DataSet): number {
  return samplesOfSplit(dataSet, TRAIN_SPLIT).reduce((most, { objects }) => Math.max(most, objects.length), 0);
}
