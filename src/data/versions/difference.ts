import type { BoxXyxy } from '../../base/boxes.ts';
import { iou } from '../../base/iou.ts';
import type { AnnotatedObject, DataSetIndex, Sample } from '../types.ts';
import type { BoxDifference, SampleDifference, SetDifference } from './types.ts';

/** A box that overlaps one before by more is that one, moved; by less it is another. */
const SAME_BOX_IOU = 0.5;

/** What differs from one state of a set to another. */
export function differenceOf(before: DataSetIndex, after: DataSetIndex): SetDifference {
  const earlier = new Map(before.samples.map((sample) => [sample.id, sample]));
  const samples: SampleDifference[] = [];
  const present = new Set<string>();
  for (const sample of after.samples) {
    const { id } = sample;
    present.add(id);
    const old = earlier.get(id);
    if (old === sample) continue;
    const boxes = boxDifference(old?.objects ?? [], sample.objects);
    const isSame = old !== undefined && old.labelled === sample.labelled;
    if (isSame && boxes.added + boxes.removed + boxes.changed === 0) continue;
    samples.push({ sampleId: id, picture: old === undefined ? 'added' : 'kept', ...boxes });
  }
  for (const { id, objects } of before.samples) {
    if (!present.has(id)) samples.push({ sampleId: id, picture: 'removed', ...boxDifference(objects, []) });
  }
  return {
    picturesAdded: samples.filter(({ picture }) => picture === 'added').length,
    picturesRemoved: samples.filter(({ picture }) => picture === 'removed').length,
    boxes: {
      added: samples.reduce((sum, { added }) => sum + added, 0),
      removed: samples.reduce((sum, { removed }) => sum + removed, 0),
      changed: samples.reduce((sum, { changed }) => sum + changed, 0),
    },
    picturesMoved: picturesMoved(before, after),
    samples,
  };
}

/** How the boxes of one picture differ: equal ones first, then the best overlaps, each box once. */
export function boxDifference(before: Sample['objects'], after: Sample['objects']): BoxDifference {
  const old = [...before];
  const rest = after.filter((object) => {
    const at = old.findIndex((other) => isSameObject(other, object));
    if (at >= 0) old.splice(at, 1);
    return at < 0;
  });
  const pairs = rest
    .flatMap((object, now) => old.map((other, was) => ({ now, was, overlap: iou(object.boxXyxyPx, other.boxXyxyPx) })))
    .filter(({ overlap }) => overlap > SAME_BOX_IOU)
    .sort((a, b) => b.overlap - a.overlap);
  const matchedNow = new Set<number>();
  const matchedWas = new Set<number>();
  for (const { now, was } of pairs) {
    if (matchedNow.has(now) || matchedWas.has(was)) continue;
    matchedNow.add(now);
    matchedWas.add(was);
  }
  const changed = matchedNow.size;
  return { added: rest.length - changed, removed: old.length - changed, changed };
}

function isSameObject(a: AnnotatedObject, b: AnnotatedObject): boolean {
  return (
    a.className === b.className &&
    isSameBox(a.boxXyxyPx, b.boxXyxyPx) &&
    a.difficult === b.difficult &&
    a.truncated === b.truncated &&
    a.occluded === b.occluded &&
    a.crowd === b.crowd
  );
}

function isSameBox(a: BoxXyxy, b: BoxXyxy): boolean {
  return a.every((value, i) => value === b[i]);
}

function picturesMoved(before: DataSetIndex, after: DataSetIndex): number {
  if (before.splits === after.splits) return 0;
  const splitsBefore = splitsById(before);
  const splitsAfter = splitsById(after);
  return after.samples.filter(({ id }) => {
    const [was, is] = [splitsBefore.get(id) ?? '', splitsAfter.get(id) ?? ''];
    // A picture that comes into its first split, or leaves its last, has been labelled or no more, not moved.
    return was !== is && was !== '' && is !== '';
  }).length;
}

function splitsById({ splits }: DataSetIndex): Map<string, string> {
  const names = new Map<string, string>();
  for (const [name, ids] of Object.entries(splits).sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const id of ids) names.set(id, `${names.get(id) ?? ''} ${name}`);
  }
  return names;
}
