import { appendTo } from '../../base/append-to.ts';
import type { DataSetIndex, Sample, SplitName } from '../types.ts';
import type { SetChange } from './types.ts';

/** A changed index, and the change that leads back from it to the one before. */
export interface Changed {
  readonly index: DataSetIndex;
  readonly undo: SetChange;
}

/** Of the pictures of train and val together, so many are to be val's. */
const VAL_SHARE = 0.2;

/**
 * The index with a change made to it. The hash stays that of the index before: whoever keeps the result computes it.
 *
 * Splits follow the samples where the change does not give them: one that is taken out, or is labelled no more, leaves all of
 * them; one that is labelled for the first time goes to val where val has less than a fifth of both, and else to train.
 * Classes that the changed samples have and the list lacks come to its end, so that no label id moves.
 */
export function applyChange(index: DataSetIndex, change: SetChange): Changed {
  const before = new Map(index.samples.map((sample) => [sample.id, sample]));
  const removed = new Set(change.removed?.filter((id) => before.has(id)));
  const replacing = new Map<string, Sample>();
  const added: Sample[] = [];
  for (const sample of change.samples ?? []) {
    if (before.has(sample.id)) replacing.set(sample.id, sample);
    else added.push(sample);
  }
  const kept = index.samples.filter(({ id }) => !removed.has(id)).map((sample) => replacing.get(sample.id) ?? sample);
  const samples = [...kept, ...added];
  const classes = change.classes ?? withNewClasses(index.classes, change.samples ?? []);
  const splits = change.splits ?? followingSplits(index.splits, before, removed, change.samples ?? []);
  const gone = index.samples.filter(({ id }) => removed.has(id) || replacing.has(id));
  return {
    index: { ...index, samples, classes, splits },
    undo: {
      ...(gone.length === 0 ? {} : { samples: gone }),
      ...(added.length === 0 ? {} : { removed: added.map(({ id }) => id) }),
      ...(classes === index.classes ? {} : { classes: index.classes }),
      ...(splits === index.splits ? {} : { splits: index.splits }),
    },
  };
}

function withNewClasses(classes: readonly string[], samples: readonly Sample[]): readonly string[] {
  const known = new Set(classes);
  const fresh = new Set(samples.flatMap(({ objects }) => objects.map(({ className }) => className)));
  const added = [...fresh].filter((name) => !known.has(name));
  return added.length === 0 ? classes : [...classes, ...added];
}

type Splits = Readonly<Record<SplitName, readonly string[]>>;

function followingSplits(
  splits: Splits,
  before: ReadonlyMap<string, Sample>,
  removed: ReadonlySet<string>,
  changed: readonly Sample[],
): Splits {
  const leaving = new Set(removed);
  const joining: string[] = [];
  for (const { id, labelled } of changed) {
    const wasLabelled = before.get(id)?.labelled === true;
    if (wasLabelled && !labelled) leaving.add(id);
    if (!wasLabelled && labelled) joining.push(id);
  }
  const listed = new Set(Object.values(splits).flat());
  const fresh = joining.filter((id) => !listed.has(id));
  if (fresh.length === 0 && ![...leaving].some((id) => listed.has(id))) return splits;
  const next = Object.entries(splits).map(([name, ids]): [string, string[]] => [
    name,
    ids.filter((id) => !leaving.has(id)),
  ]);
  const byName = new Map(next);
  for (const id of fresh) {
    const [train, val] = [byName.get('train') ?? [], byName.get('val') ?? []];
    const valShare = Math.round(VAL_SHARE * (train.length + val.length + 1));
    appendTo(byName, val.length < valShare ? 'val' : 'train', id);
  }
  return Object.fromEntries(byName);
}
