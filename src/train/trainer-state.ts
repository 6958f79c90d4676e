import { z } from 'zod';
import { StudioError } from '../base/errors.ts';
import { parseSamplerState, type SamplerState } from '../data/sampler.ts';
import { readWeightsFile } from '../interop/checkpoint.ts';
import { tensorToFloat32, writeSafetensors } from '../interop/safetensors.ts';
import type { Moments, SavedOptimizer } from './adamw.ts';

/** What a checkpoint holds beyond the weights, so that a run can go on as if it had never stopped. */
export interface TrainerState extends SavedOptimizer {
  /** The run's length, which a time limit may have shortened. */
  readonly steps: number;
  /** Seconds of training behind it, over all its parts. */
  readonly seconds: number;
  readonly lossFirst: number | null;
  readonly lossLast: number | null;
  readonly best: { readonly step: number; readonly map50: number | null; readonly AP: number | null } | null;
  /** The last step that was evaluated; -1 where none was. */
  readonly evaluatedStep: number;
  readonly sampler: SamplerState;
}

const STATE_FILE = 'trainer_state.json';
const OPTIMIZER_FILE = 'optimizer.safetensors';

const nullableNumber = z.number().nullable();
const stateSchema = z.object({
  step: z.int().nonnegative(),
  // Runs of the first version trained all tensors from the first step on.
  headOnlySteps: z.int().nonnegative().default(0),
  steps: z.int().positive(),
  seconds: z.number().nonnegative(),
  lossFirst: nullableNumber,
  lossLast: nullableNumber,
  best: z.object({ step: z.int().nonnegative(), map50: nullableNumber, AP: nullableNumber }).nullable(),
  evaluatedStep: z.int().min(-1),
  sampler: z.unknown(),
});

/** The two files of a state, by name. */
export function writeTrainerState({ moments, ...state }: TrainerState): Map<string, Uint8Array> {
  const tensors = [...moments].flatMap(([name, { first, second }]) => [
    [`first.${name}`, { dtype: 'F32', shape: [first.length], data: first }] as const,
    [`second.${name}`, { dtype: 'F32', shape: [second.length], data: second }] as const,
  ]);
  return new Map([
    [STATE_FILE, new TextEncoder().encode(`${JSON.stringify(state, null, 2)}\n`)],
    [OPTIMIZER_FILE, writeSafetensors(tensors)],
  ]);
}

/**
 * Reads them back. Throws `bad-weights` where they are damaged, `bad-config` where the place in the data set is, `not-found`
 * where there are none.
 */
export function readTrainerState(files: ReadonlyMap<string, Uint8Array>): TrainerState {
  const text = files.get(STATE_FILE);
  const optimizer = files.get(OPTIMIZER_FILE);
  if (!text || !optimizer) {
    throw new StudioError(
      'not-found',
      `The checkpoint has no ${text ? OPTIMIZER_FILE : STATE_FILE}, so the run can't go on from it; start a new run from its weights instead.`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(text));
  } catch (cause) {
    throw new StudioError('bad-weights', `${STATE_FILE} is not JSON; start a new run from the weights.`, {}, { cause });
  }
  const parsed = stateSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new StudioError(
      'bad-weights',
      `${STATE_FILE}: "${issue?.path.join('.')}" is not as expected (${issue?.message}); start a new run from the weights.`,
    );
  }
  const moments = new Map<string, Moments>();
  const { tensors } = readWeightsFile(optimizer, OPTIMIZER_FILE);
  for (const [name, tensor] of tensors) {
    if (!name.startsWith('first.')) continue;
    const parameter = name.slice('first.'.length);
    const second = tensors.get(`second.${parameter}`);
    if (!second) throw new StudioError('bad-weights', `${OPTIMIZER_FILE} has no tensor "second.${parameter}".`);
    moments.set(parameter, { first: tensorToFloat32(tensor), second: tensorToFloat32(second) });
  }
  return { ...parsed.data, sampler: parseSamplerState(parsed.data.sampler), moments };
}
