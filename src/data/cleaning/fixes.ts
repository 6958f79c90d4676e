import type { DataSetIndex, Sample } from '../types.ts';
import { mergeClasses } from '../versions/class-changes.ts';
import type { ProposedChange } from '../versions/types.ts';
import { boxFindings } from './box-findings.ts';
import { stratifiedSplit } from './stratified-split.ts';
import type { BoxFindingKind, DuplicateGroup, Fix } from './types.ts';

/** What a fix changes; null where there is nothing to mend. Throws `usage` for a class that the set lacks. */
export function changeOf(fix: Fix, index: DataSetIndex, duplicates: readonly DuplicateGroup[]): ProposedChange | null {
  switch (fix.kind) {
    case 'remove-duplicates':
      return removeDuplicates(index, duplicates);
    case 'end-leaks':
      return endLeaks(index, duplicates);
    case 'remove-doubled-boxes':
      return withoutBoxes(index, 'doubled');
    case 'remove-tiny-boxes':
      return withoutBoxes(index, 'tiny');
    case 'merge-classes':
      return mergeClasses(index, fix.from, fix.into);
    case 'split': {
      const splits = stratifiedSplit(
        index.samples,
        duplicates.map(({ sampleIds }) => sampleIds),
        fix.shares,
        fix.seed,
      );
      const counts = Object.entries(splits).map(([name, ids]) => `${ids.length} ${name}`);
      return { change: { splits }, what: `Split anew with seed ${fix.seed}: ${counts.join(', ')}` };
    }
  }
}

function removeDuplicates({ samples }: DataSetIndex, groups: readonly DuplicateGroup[]): ProposedChange | null {
  const byId = new Map(samples.map((sample) => [sample.id, sample]));
  const removed = groups.flatMap(({ sampleIds }) => {
    const members = sampleIds.flatMap((id) => byId.get(id) ?? []);
    const best = bestOf(members);
    return members.filter((member) => member !== best).map(({ id }) => id);
  });
  if (removed.length === 0) return null;
  return {
    change: { removed },
    what: `${removed.length} ${removed.length === 1 ? 'duplicate' : 'duplicates'} removed`,
  };
}

/** The one to keep: labelled, with most boxes, then the largest, then the first. */
function bestOf(members: readonly Sample[]): Sample | undefined {
  const area = ({ size }: Sample): number => size.h * size.w;
  return [...members].sort(
    (a, b) => Number(b.labelled) - Number(a.labelled) || b.objects.length - a.objects.length || area(b) - area(a),
  )[0];
}

/** To train: what is measured on stays what was never seen, and no picture is lost to training. */
function endLeaks({ splits }: DataSetIndex, groups: readonly DuplicateGroup[]): ProposedChange | null {
  const leaking = new Set(groups.filter(({ leaks }) => leaks).flatMap(({ sampleIds }) => sampleIds));
  const moved = Object.entries(splits)
    .filter(([name]) => name === 'val' || name === 'test')
    .flatMap(([, ids]) => ids.filter((id) => leaking.has(id)));
  if (moved.length === 0) return null;
  const inTrain = new Set(splits.train);
  const next = Object.entries(splits).map(([name, ids]) => {
    if (name === 'train') return [name, [...ids, ...moved.filter((id) => !inTrain.has(id))]];
    return [name, name === 'val' || name === 'test' ? ids.filter((id) => !leaking.has(id)) : ids];
  });
  const pictures = moved.length === 1 ? '1 picture' : `${moved.length} pictures`;
  return {
    change: { splits: Object.fromEntries(next) },
    what: `${pictures} moved to train, where their duplicates are`,
  };
}

function withoutBoxes({ samples }: DataSetIndex, kind: BoxFindingKind): ProposedChange | null {
  let count = 0;
  const changed = samples.flatMap((sample) => {
    const bad = new Set(boxFindings(sample).flatMap((finding) => (finding.kind === kind ? [finding.box] : [])));
    if (bad.size === 0) return [];
    count += bad.size;
    return [{ ...sample, objects: sample.objects.filter((_, box) => !bad.has(box)) }];
  });
  return count === 0
    ? null
    : { change: { samples: changed }, what: `${count} ${kind} ${count === 1 ? 'box' : 'boxes'} removed` };
}
