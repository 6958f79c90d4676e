import { StudioError } from '../base/errors.ts';
import { currentDevice, gpuMs } from '../tf/index.ts';
import { type Problem, takeVariants, unmeasuredProblems, type Variant, type VariantTable } from './variants.ts';

/** What a measurement of variants came to. */
export interface Tuning {
  /** The fastest of each problem class that was measured. */
  readonly table: VariantTable;
  /** What the device would not compile; such variants are not taken. */
  readonly refused: readonly StudioError[];
}

const ROUNDS = 3;
/** How long a sample takes, about, and how many dispatches it is at most. */
const SAMPLE_MS = 2;
const MOST_DISPATCHES = 32;
/** So many times as slow as the fastest at the first try: not measured further. */
const HOPELESS = 3;
/** What takes the place of the default is faster by so much: less would be chance, and differ from one time to the next. */
const GAIN = 0.95;

export interface TuningOptions {
  /** Classes of problems that are measured, of those that were not. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Ends the measurement after the class in hand: the others keep what is taken where nothing was measured. */
  readonly signal?: AbortSignal;
}

/**
 * Measures the variants of every product that this device was asked for and has no measurement of, a few milliseconds each,
 * and takes the fastest from then on. Nothing else may run on the GPU meanwhile.
 */
export async function tuneVariants({ onProgress, signal }: TuningOptions = {}): Promise<Tuning> {
  const refused: StudioError[] = [];
  const table: Record<string, Variant> = {};
  const problems = [...unmeasuredProblems()];
  for (const [i, [key, problem]] of problems.entries()) {
    if (signal?.aborted) break;
    onProgress?.(i, problems.length);
    table[key] = await fastest(problem, refused);
    takeVariants({ [key]: table[key] });
  }
  return { table, refused };
}

async function fastest(problem: Problem, refused: StudioError[]): Promise<Variant> {
  const [standard = 'registers'] = problem.variants;
  const opened = problem.open();
  try {
    const firstMs = new Map<Variant, number>();
    for (const variant of problem.variants) {
      const run = () => opened.run(variant);
      const error = await failureOf(run);
      if (!error) firstMs.set(variant, await gpuMs(run));
      else if (variant === standard) throw error;
      else refused.push(error);
    }
    const limit = HOPELESS * Math.min(...firstMs.values());
    const best = new Map<Variant, number>();
    for (let round = 0; round < ROUNDS; round++) {
      for (const [variant, first] of firstMs) {
        if (first > limit) continue;
        const times = Math.min(MOST_DISPATCHES, Math.max(1, Math.round(SAMPLE_MS / first)));
        const ms = await gpuMs(() => {
          for (let i = 0; i < times; i++) opened.run(variant);
        });
        best.set(variant, Math.min(ms / times, best.get(variant) ?? Number.POSITIVE_INFINITY));
      }
    }
    return fastestOf(best, standard);
  } finally {
    opened.dispose();
  }
}

/** The fastest; what it is compared with where that is hardly slower. */
export function fastestOf(ms: ReadonlyMap<Variant, number>, standard: Variant): Variant {
  let found = standard;
  let bar = (ms.get(standard) ?? Number.POSITIVE_INFINITY) * GAIN;
  for (const [variant, taken] of ms) {
    if (variant === standard || taken >= bar) continue;
    found = variant;
    bar = taken;
  }
  return found;
}

/** What the device has against it, having compiled and run it once; null where it has nothing. */
async function failureOf(run: () => void): Promise<StudioError | null> {
  await gpuMs(run);
  try {
    currentDevice().failure.throwIfFailed();
    return null;
  } catch (error) {
    if (error instanceof StudioError && error.code === 'gpu-error') return error;
    throw error;
  }
}
