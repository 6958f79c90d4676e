import { StudioError } from '../../base/errors.ts';
import { seededRandom } from '../../base/random.ts';
import type { Sample, SplitName } from '../types.ts';

/** Pictures that go to one split together. */
interface Unit {
  readonly ids: readonly string[];
  /** How many of its pictures have a class, by name. */
  readonly classes: ReadonlyMap<string, number>;
}

/** The name under which pictures without a box are shared out as a class of their own. */
const EMPTY = '\u0000empty';

/**
 * Splits of the labelled samples, in which each class has its share of pictures, as near as it can be. Samples of one of `together` stay in
 * one split. The same samples, shares and seed give the same splits. Throws `usage` for shares that are none.
 *
 * Iterative stratification (Sechidis, Tsoumakas and Vlahavas 2011, "On the Stratification of Multi-Label Data"): the class with
 * the fewest pictures left is shared out first, each of its pictures to the split that lacks that class most; ties go to the
 * split that lacks pictures most, then by the seed.
 */
export function stratifiedSplit(
  samples: readonly Sample[],
  together: readonly (readonly string[])[],
  shares: Readonly<Record<SplitName, number>>,
  seed: number,
): Record<SplitName, string[]> {
  const names = Object.keys(shares);
  const total = Object.values(shares).reduce((sum, share) => sum + share, 0);
  if (names.length === 0 || !(total > 0) || Object.values(shares).some((share) => !(share >= 0))) {
    throw new StudioError('usage', 'A split needs shares of 0 or more, of which one at least is more.');
  }
  const labelled = samples.filter((sample) => sample.labelled);
  const random = seededRandom(seed);
  const waiting = new Set(random.shuffle(unitsOf(labelled, together)));
  const rank = new Map(random.shuffle(names).map((name, place) => [name, place]));
  const lacking = new Map<SplitName, { pictures: number; readonly classes: Map<string, number> }>();
  const counts = sums([...waiting]);
  for (const name of names) {
    const share = (shares[name] ?? 0) / total;
    const classes = new Map([...counts].map(([className, count]) => [className, count * share]));
    lacking.set(name, { pictures: labelled.length * share, classes });
  }
  const splitOf = new Map<string, SplitName>();
  while (waiting.size > 0) {
    const className = rarest([...waiting]);
    for (const unit of waiting) {
      if (!unit.classes.has(className)) continue;
      const of = (name: SplitName) => lacking.get(name) ?? { pictures: 0, classes: new Map<string, number>() };
      const [wanted] = [...names].sort(
        (a, b) =>
          (of(b).classes.get(className) ?? 0) - (of(a).classes.get(className) ?? 0) ||
          of(b).pictures - of(a).pictures ||
          (rank.get(a) ?? 0) - (rank.get(b) ?? 0),
      );
      const name = wanted as SplitName;
      waiting.delete(unit);
      for (const id of unit.ids) splitOf.set(id, name);
      const lack = of(name);
      lack.pictures -= unit.ids.length;
      for (const [other, count] of unit.classes) lack.classes.set(other, (lack.classes.get(other) ?? 0) - count);
    }
  }
  return Object.fromEntries(
    names.map((name) => [name, labelled.map(({ id }) => id).filter((id) => splitOf.get(id) === name)]),
  );
}

function unitsOf(labelled: readonly Sample[], together: readonly (readonly string[])[]): Unit[] {
  const byId = new Map(labelled.map((sample) => [sample.id, sample]));
  const taken = new Set<string>();
  const units: Unit[] = [];
  const add = (ids: readonly string[]): void => {
    const classes = new Map<string, number>();
    for (const id of ids) {
      taken.add(id);
      const names = new Set(byId.get(id)?.objects.map(({ className }) => className));
      for (const name of names.size === 0 ? [EMPTY] : names) classes.set(name, (classes.get(name) ?? 0) + 1);
    }
    units.push({ ids, classes });
  };
  for (const group of together) {
    const ids = group.filter((id) => byId.has(id) && !taken.has(id));
    if (ids.length > 0) add(ids);
  }
  for (const { id } of labelled) if (!taken.has(id)) add([id]);
  return units;
}

function sums(units: readonly Unit[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { classes } of units) {
    for (const [name, count] of classes) counts.set(name, (counts.get(name) ?? 0) + count);
  }
  return counts;
}

function rarest(units: readonly Unit[]): string {
  const [least] = [...sums(units)].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1));
  return least?.[0] ?? EMPTY;
}
