import { StudioError } from '../base/errors.ts';
import { withShortestEdge } from '../data/preprocessor-config.ts';
import type { DataSet } from '../data/types.ts';
import { rebuildClassHead } from '../detr/class-head.ts';
import type { DetrConfig } from '../detr/types.ts';
import type { Checkpoint } from '../interop/checkpoint-files.ts';
import type { TrainSettings } from './types.ts';

export interface StartingPoint {
  /** With a head for the data set's classes and the size trained at. */
  readonly checkpoint: Checkpoint;
  /** How many of the data set's classes the head knew already. */
  readonly carriedClasses: number;
}

/** Turns a checkpoint into the start of a run on a data set. Throws `bad-config` for a dilated model. */
export function startingPoint(from: Checkpoint, dataSet: DataSet, settings: TrainSettings): StartingPoint {
  refuseDilated(from.config);
  const { config, values, carriedClasses } = rebuildClassHead(
    from.config,
    from.weights.values,
    dataSet.classes,
    settings.seed,
  );
  const preprocessor = {
    ...from.preprocessor,
    config: withShortestEdge(from.preprocessor.config, settings.size),
  };
  return { checkpoint: { config, preprocessor, weights: { ...from.weights, values } }, carriedClasses };
}

/** Refuses a model that cannot be trained here. Throws `bad-config` for a dilated one. */
export function refuseDilated({ dilation }: DetrConfig): void {
  if (!dilation) return;
  throw new StudioError(
    'bad-config',
    'This model is dilated (DC5), and the gradient of a dilated convolution is not there yet: it can predict and be evaluated, not trained. Start from the same model without dilation.',
  );
}
