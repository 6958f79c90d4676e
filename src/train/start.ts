import type { ClassMap, ClassRow } from '../base/class-rows.ts';
import { withShortestEdge } from '../data/preprocessor-config.ts';
import type { DataSet } from '../data/types.ts';
import { rebuildClassHead } from '../detr/class-head.ts';
import type { Checkpoint } from '../interop/checkpoint-files.ts';
import type { TrainSettings } from './types.ts';

export interface StartingPoint {
  /** With a head for the data set's classes and the size trained at. */
  readonly checkpoint: Checkpoint;
  /** How many of the data set's classes the head knew already. */
  readonly carriedClasses: number;
  /** From which row of the head each class starts. */
  readonly classRows: readonly ClassRow[];
  /** What a person should know of that, in sentences. */
  readonly notices: readonly string[];
}

/**
 * Turns a checkpoint into the start of a run on a data set; `classMap` goes before the rows that are proposed. Throws
 * `usage` where the map does not fit.
 */
export function startingPoint(
  from: Checkpoint,
  dataSet: DataSet,
  settings: TrainSettings,
  classMap?: ClassMap,
): StartingPoint {
  const { config, values, classes } = rebuildClassHead(
    from.config,
    from.weights.values,
    dataSet.classes,
    settings.seed,
    classMap,
  );
  const preprocessor = {
    ...from.preprocessor,
    config: withShortestEdge(from.preprocessor.config, settings.size),
  };
  return {
    checkpoint: { config, preprocessor, weights: { ...from.weights, values } },
    carriedClasses: classes.carried,
    classRows: classes.rows,
    notices: classes.notices,
  };
}
