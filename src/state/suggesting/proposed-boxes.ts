import type { Size } from '../../base/boxes.ts';
import { unusedSlots } from '../../base/class-names.ts';
import { classRows } from '../../base/class-rows.ts';
import { iou } from '../../base/iou.ts';
import type { DetectedBox } from '../../rpc/protocol.ts';
import { cutTo } from '../labelling/edits.ts';
import { sameBox } from '../labelling/geometry.ts';
import type { LabelBox } from '../labelling/labels.ts';
import type { ProposedBox } from '../labelling/proposals.ts';

/** Two boxes of one class that overlap by more show one thing. */
const SAME_THING_IOU = 0.7;

/** The names under which the classes of weights are proposed, by label id; null for one that is not. */
export type ProposedNames = readonly (string | null)[];

/**
 * The set's own name for each class of the weights that it has, however these spell it; with `others` their name for what the set
 * lacks, where that is one.
 */
export function proposedNames(classes: readonly string[], labels: readonly string[], others: boolean): ProposedNames {
  const { slots } = classRows(classes, labels);
  const known = new Map(slots.flatMap((slot, at) => (slot === null ? [] : [[slot, classes[at] ?? null] as const])));
  const unused = unusedSlots(labels);
  return labels.map((label, slot) => known.get(slot) ?? (others && !unused.has(slot) ? label : null));
}

/** What is proposed for a picture of this size: cut to it, each thing once, the best first. */
export function proposedBoxes(detections: readonly DetectedBox[], names: ProposedNames, size: Size): ProposedBox[] {
  const boxes: ProposedBox[] = [];
  for (const { labelId, score, boxXyxyPx } of detections.toSorted((a, b) => b.score - a.score)) {
    const className = names[labelId] ?? null;
    const inside = cutTo(boxXyxyPx, size);
    if (className === null || inside === null) continue;
    if (!boxes.some((better) => isSameThing(better, { className, boxXyxyPx: inside }))) {
      boxes.push({ className, score, boxXyxyPx: inside });
    }
  }
  return boxes;
}

/**
 * What is proposed for a picture once classes have other names. A box that stays what it was stays the same object, and so does one
 * that a person has decided about, whatever it would be called now.
 */
export function renamedBoxes(
  before: readonly ProposedBox[],
  fresh: readonly ProposedBox[],
  decided: ReadonlySet<ProposedBox>,
): ProposedBox[] {
  const kept = before.filter((box) => decided.has(box));
  const others = fresh.flatMap((box) => {
    const same = before.find(({ boxXyxyPx }) => sameBox(boxXyxyPx, box.boxXyxyPx));
    if (same !== undefined && decided.has(same)) return [];
    return [same?.className === box.className ? same : box];
  });
  return [...kept, ...others].sort((a, b) => b.score - a.score);
}

/** Those that show nothing which a person has drawn already. */
export function notDrawnYet(proposed: readonly ProposedBox[], drawn: readonly LabelBox[]): readonly ProposedBox[] {
  const left = proposed.filter((box) => !drawn.some((other) => isSameThing(other, box)));
  return left.length === proposed.length ? proposed : left;
}

type Thing = Pick<ProposedBox, 'className' | 'boxXyxyPx'>;

function isSameThing(a: Thing, b: Thing): boolean {
  return a.className === b.className && iou(a.boxXyxyPx, b.boxXyxyPx) > SAME_THING_IOU;
}
