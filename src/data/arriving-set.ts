import { StudioError } from '../base/errors.ts';
import { freeName } from './free-name.ts';
import type { KeepPorts } from './keep-set.ts';
import { asKept, partOfSet } from './part-of-set.ts';
import { countSet } from './set-figures.ts';
import type { ShardIndex } from './shard-index.ts';
import type { ArrivedSet, DataSetSummary } from './types.ts';

/** A set whose pictures are still coming. */
export interface ArrivingSet {
  /** The set of the pictures that are stored by now, under the import's id; null where nothing can be shown of it yet. */
  now(): Promise<ArrivedSet | null>;
}

/** The set of that index as it arrives; `written` are the paths of pictures that are stored, and grows. */
export function arrivingSet(index: ShardIndex, id: string, written: ReadonlySet<string>): ArrivingSet {
  return {
    async now() {
      const part = await partOfSet(index, (path) => written.has(path));
      const kept = asKept({ ...index, ...part }, id);
      const bytes = part.samples.reduce((sum, { picture }) => sum + picture.byteLength, 0);
      const summary = { ...countSet(kept), bundled: false, bytes, importedAtMs: null, canBeKept: true };
      return { index: kept, summary };
    },
  };
}

/**
 * Keeps what has arrived as a set of its own, which does not change when more comes: it has an id, a name and a hash of its
 * own, and the pictures of the import. What was kept of the same pictures before is returned as it is. Throws `usage` where no labelled
 * picture of the train split is there yet, and for a set of which no part can be kept.
 */
export async function keepPart(
  { index, summary: { canBeKept } }: ArrivedSet,
  { store, summaries, clock, newId }: KeepPorts & { readonly newId: () => string },
): Promise<DataSetSummary> {
  const { name, hash, samples, id: picturesOf } = index;
  if (!canBeKept) {
    const message = `Which pictures belong to ${name} is known when all of it is here: wait until it is imported, then train on it.`;
    throw new StudioError('usage', message);
  }
  if ((index.splits.train ?? []).length === 0) {
    const message = `Of ${name} no picture of the split "train" is here yet: wait until some have come, then train on them.`;
    throw new StudioError('usage', message);
  }
  const others = await summaries();
  const same = others.find((other) => other.picturesOf === picturesOf && other.hash === hash);
  if (same !== undefined) return same;
  const count = samples.length === 1 ? 'first picture' : `first ${samples.length.toLocaleString('en-GB')} pictures`;
  const part = { ...index, id: newId(), name: freeName(`${name} (${count})`, others), picturesOf };
  const summary = { ...countSet(part), bundled: false, bytes: 0, importedAtMs: clock(), picturesOf };
  await store.writeSet({ summary, index: part });
  return summary;
}
