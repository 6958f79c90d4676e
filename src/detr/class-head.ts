import { matchClassNames } from '../base/class-names.ts';
import { withLabels } from './config.ts';
import { xavierUniform } from './init.ts';
import type { ParameterValues } from './parameters.ts';
import type { DetrConfig } from './types.ts';

export interface RebuiltHead {
  readonly config: DetrConfig;
  readonly values: ParameterValues;
  /** How many of the new classes brought their row along. */
  readonly carriedClasses: number;
}

/**
 * The same model with a class head for other classes.
 *
 * Rows of same-named classes (VOC and COCO spellings joined) and of "no object" are carried over; a new row is
 * Xavier-uniform over the whole new matrix, and its bias is the mean of the old classes' biases. Where the classes are the
 * same in the same order nothing changes.
 */
export function rebuildClassHead(
  config: DetrConfig,
  values: ParameterValues,
  labels: readonly string[],
  seed: number,
): RebuiltHead {
  const carried = matchClassNames(labels, config.labels);
  const carriedClasses = carried.filter((index) => index !== null).length;
  const unchanged = labels.length === config.labels.length && carried.every((index, i) => index === i);
  const newConfig = withLabels(config, labels);
  if (unchanged) return { config: newConfig, values, carriedClasses };

  const width = config.dModel;
  const oldWeight = values.get('class_labels_classifier.weight') ?? new Float32Array();
  const oldBias = values.get('class_labels_classifier.bias') ?? new Float32Array();
  const oldClasses = config.labels.length;
  const rows = labels.length + 1;
  const weight = xavierUniform(rows, width, seed);
  const meanBias = oldBias.subarray(0, oldClasses).reduce((sum, b) => sum + b, 0) / oldClasses;
  const bias = new Float32Array(rows).fill(meanBias);
  for (const [row, from] of [...carried, oldClasses].entries()) {
    if (from === null) continue;
    weight.set(oldWeight.subarray(from * width, (from + 1) * width), row * width);
    bias[row] = oldBias[from] ?? 0;
  }
  const newValues = new Map(values);
  newValues.set('class_labels_classifier.weight', weight);
  newValues.set('class_labels_classifier.bias', bias);
  return { config: newConfig, values: newValues, carriedClasses };
}
