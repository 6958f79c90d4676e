import type { Check } from './check.ts';
import { hasGolden } from './golden-files.ts';
import { checkAssignment } from './ops-assignment.ts';
import { checkBoxes, checkGiouGradient } from './ops-boxes.ts';
import { checkCriterion } from './ops-criterion.ts';
import { checkDtypes } from './ops-dtypes.ts';
import { checkOptimizer } from './ops-optimizer.ts';
import { checkNearestIndex, checkSine } from './ops-positions.ts';
import { checkPostProcess } from './ops-post-process.ts';
import { checkPreprocess } from './ops-preprocess.ts';
import { checkTransforms } from './ops-transforms.ts';

/** Which file asks for which checks; a folder need not have all. */
const OPERATIONS: readonly (readonly [string, (folder: string, file: string) => AsyncGenerator<Check>])[] = [
  ['boxes.safetensors', checkBoxes],
  ['giou_grad.safetensors', checkGiouGradient],
  ['criterion.json', checkCriterion],
  ['hungarian.json', checkAssignment],
  ['optim.json', checkOptimizer],
  ['postprocess.safetensors', checkPostProcess],
  ['sine.safetensors', checkSine],
  ['nearest_index.json', checkNearestIndex],
  ['preprocess.json', checkPreprocess],
  ['transforms.json', checkTransforms],
  ['dtypes.safetensors', checkDtypes],
  ['dtypes_unaligned.safetensors', checkDtypes],
];

/** Single operations, from whichever files the folder has. */
export async function* checkOperations(folder: string): AsyncGenerator<Check> {
  for (const [file, check] of OPERATIONS) if (hasGolden(folder, file)) yield* check(folder, file);
}
