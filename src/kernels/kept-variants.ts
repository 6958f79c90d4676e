import { currentDevice } from '../tf/index.ts';
import type { AdapterStore } from '../tf/types.ts';
import { type TuningOptions, tuneVariants } from './tune-variants.ts';
import { takeVariants, type VariantTable, variantTable } from './variants.ts';

/** Goes up with every change of a kernel or of the classes: what was measured before then counts no more. */
const KERNELS_VERSION = 2;

/**
 * Takes the variants that were measured on this adapter in an earlier session, for what was not in this one. A software adapter has none: it takes the
 * defaults, which were measured on such.
 */
export async function takeKeptVariants(store: AdapterStore): Promise<void> {
  const kept = currentDevice().adapter.software ? null : await store.read(name());
  // What another version or a damaged file has in it names no variant, and is not taken.
  const known = variantTable();
  const others = Object.entries(kept ?? {}).filter(([key]) => !(key in known));
  takeVariants(Object.fromEntries(others) as VariantTable);
}

/**
 * Measures what has no measurement, as `tuneVariants`, and keeps it for the next session. Returns sentences about what the
 * device refused. On a software adapter it does nothing.
 */
export async function measureVariants(store: AdapterStore, options: TuningOptions = {}): Promise<readonly string[]> {
  if (currentDevice().adapter.software) return [];
  const { table, refused } = await tuneVariants(options);
  if (Object.keys(table).length > 0) await store.write(name(), variantTable());
  return refused.map(({ message }) => `${message} Another variant takes its place.`);
}

function name(): string {
  return `${currentDevice().adapter.name}, kernels ${KERNELS_VERSION}`;
}
