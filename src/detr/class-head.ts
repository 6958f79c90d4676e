import { unusedSlots } from '../base/class-names.ts';
import { type ClassMap, type ClassRows, classRows } from '../base/class-rows.ts';
import { withLabels } from './config.ts';
import { xavierUniform } from './init.ts';
import type { ParameterValues } from './parameters.ts';
import type { DetrConfig } from './types.ts';

export interface RebuiltHead {
  readonly config: DetrConfig;
  readonly values: ParameterValues;
  /** From which row of the old head each new class starts. */
  readonly classes: ClassRows;
}

/**
 * The same model with a class head for other classes.
 *
 * Rows of the classes that `classRows` finds, and of "no object", are carried over; a new row is Xavier-uniform over the
 * whole new matrix, and its bias is the mean of the old classes' biases, slots that stand for no class left out. Where the
 * classes are the same in the same order nothing changes. Throws `usage` where `map` does not fit.
 */
export function rebuildClassHead(
  config: DetrConfig,
  values: ParameterValues,
  labels: readonly string[],
  seed: number,
  map?: ClassMap,
): RebuiltHead {
  const classes = classRows(labels, config.labels, map);
  const unchanged = labels.length === config.labels.length && classes.slots.every((slot, i) => slot === i);
  const newConfig = withLabels(config, labels);
  if (unchanged) return { config: newConfig, values, classes };

  const width = config.dModel;
  const oldWeight = values.get('class_labels_classifier.weight') ?? new Float32Array();
  const oldBias = values.get('class_labels_classifier.bias') ?? new Float32Array();
  const oldClasses = config.labels.length;
  const rows = labels.length + 1;
  const weight = xavierUniform(rows, width, seed);
  const unused = unusedSlots(config.labels);
  const biases = [...oldBias.subarray(0, oldClasses)].filter((_, slot) => !unused.has(slot));
  const meanBias = biases.reduce((sum, b) => sum + b, 0) / Math.max(1, biases.length);
  const bias = new Float32Array(rows).fill(meanBias);
  for (const [row, from] of [...classes.slots, oldClasses].entries()) {
    if (from === null) continue;
    weight.set(oldWeight.subarray(from * width, (from + 1) * width), row * width);
    bias[row] = oldBias[from] ?? 0;
  }
  const newValues = new Map(values);
  newValues.set('class_labels_classifier.weight', weight);
  newValues.set('class_labels_classifier.bias', bias);
  return { config: newConfig, values: newValues, classes };
}
