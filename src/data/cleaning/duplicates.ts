import { appendTo } from '../../base/append-to.ts';
import type { DataSetIndex } from '../types.ts';
import { alikePairs } from './near-duplicates.ts';
import { PLAIN } from './perceptual-hash.ts';
import type { DuplicateGroup, Look } from './types.ts';

/** What is known of each picture, by sample id; one that could not be decoded has no look. */
export interface KnownPictures {
  readonly sha256: ReadonlyMap<string, string>;
  readonly looks: ReadonlyMap<string, Look>;
}

/** Groups of pictures that are the same to the byte, or look the same; the ones that leak first, then in the set's order. */
export function findDuplicates(
  { samples, splits }: Pick<DataSetIndex, 'samples' | 'splits'>,
  known: KnownPictures,
): DuplicateGroup[] {
  const links: { readonly a: number; readonly b: number; readonly distance: number }[] = [];
  const bySha256 = new Map<string, number[]>();
  samples.forEach(({ id }, place) => {
    const sha256 = known.sha256.get(id);
    if (sha256 !== undefined) appendTo(bySha256, sha256, place);
  });
  for (const [first, ...others] of bySha256.values()) {
    for (const other of others) links.push({ a: first as number, b: other, distance: 0 });
  }
  const seen = samples.flatMap(({ id }, place) => {
    const look = known.looks.get(id);
    return look === undefined || look === PLAIN ? [] : [{ place, look }];
  });
  for (const { a, b, distance } of alikePairs(seen.map(({ look }) => look))) {
    links.push({ a: seen[a]?.place as number, b: seen[b]?.place as number, distance });
  }
  const groups = joined(links);
  const splitsOf = new Map<string, string[]>();
  for (const [name, ids] of Object.entries(splits)) for (const id of ids) appendTo(splitsOf, id, name);
  return groups
    .map(({ places, distance }): DuplicateGroup => {
      const sampleIds = [...places].sort((a, b) => a - b).map((place) => samples[place]?.id as string);
      const kinds = new Set(sampleIds.map((id) => known.sha256.get(id)));
      return {
        kind: kinds.size === 1 && !kinds.has(undefined) ? 'exact' : 'near',
        sampleIds,
        distance,
        leaks: isLeak(sampleIds.map((id) => splitsOf.get(id) ?? [])),
      };
    })
    .sort((a, b) => Number(b.leaks) - Number(a.leaks));
}

/** Whether some picture of a group is trained on and another is measured on. A picture that is in both by itself counts, too. */
function isLeak(splitsOfEach: readonly (readonly string[])[]): boolean {
  const all = splitsOfEach.flat();
  return all.includes('train') && all.some((name) => name === 'val' || name === 'test');
}

function joined(links: readonly { readonly a: number; readonly b: number; readonly distance: number }[]) {
  const parents = new Map<number, number>();
  const rootOf = (place: number): number => {
    let root = place;
    while ((parents.get(root) ?? root) !== root) root = parents.get(root) as number;
    parents.set(place, root);
    return root;
  };
  for (const { a, b } of links) {
    const [first, second] = [rootOf(a), rootOf(b)];
    parents.set(Math.max(first, second), Math.min(first, second));
  }
  const groups = new Map<number, { readonly places: Set<number>; distance: number }>();
  for (const { a, b, distance } of links) {
    const root = rootOf(a);
    const group = groups.get(root) ?? { places: new Set<number>(), distance: 0 };
    group.places.add(a).add(b);
    group.distance = Math.max(group.distance, distance);
    groups.set(root, group);
  }
  return [...groups.values()].sort((x, y) => Math.min(...x.places) - Math.min(...y.places));
}
