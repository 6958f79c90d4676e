import type { BoxXyxy, Size } from '../../base/boxes.ts';
import { type Flag, freshKey, type LabelBox, newBox, type PictureLabels, withFlag } from './labels.ts';
import type { ProposedBox } from './proposals.ts';
import type { Selection } from './selection.ts';

/** With boxes added; a picture with boxes is labelled. */
export function withBoxes({ boxes }: PictureLabels, added: readonly LabelBox[]): PictureLabels {
  return { boxes: [...boxes, ...added], labelled: true };
}

/** With the selected boxes of another class; those that have it already stay the same objects. */
export function relabelled(labels: PictureLabels, selection: Selection, className: string): PictureLabels {
  return changed(labels, selection, (box) => (box.className === className ? box : { ...box, className }));
}

/** With a mark set on the selected boxes, or taken from them where all have it. */
export function flagged(labels: PictureLabels, selection: Selection, flag: Flag): PictureLabels {
  const set = !labels.boxes.filter(({ key }) => selection.includes(key)).every((box) => box[flag]);
  return changed(labels, selection, (box) => withFlag(box, flag, set));
}

/**
 * Without the selected boxes. Where none is left, the picture is what it was before anyone drew on it: a box that was drawn by
 * mistake and deleted does not make a picture a reviewed one.
 */
export function without({ boxes, labelled }: PictureLabels, selection: Selection, wasLabelled: boolean): PictureLabels {
  const kept = boxes.filter(({ key }) => !selection.includes(key));
  return { boxes: kept, labelled: kept.length > 0 ? labelled : wasLabelled };
}

/** Copies of boxes for a picture of this size, cut to it; a box that lies beside it is left out. */
export function copiesFor(boxes: readonly LabelBox[], size: Size): LabelBox[] {
  return boxes.flatMap((box) => {
    const boxXyxyPx = cutTo(box.boxXyxyPx, size);
    return boxXyxyPx === null ? [] : [{ ...box, key: freshKey(), boxXyxyPx }];
  });
}

/** The box that a proposal becomes. */
export function boxOf({ className, boxXyxyPx }: ProposedBox, size: Size): LabelBox | null {
  const inside = cutTo(boxXyxyPx, size);
  return inside === null ? null : newBox(className, inside);
}

/** The part of a box that lies in a picture of this size; null where that is less than a pixel wide or high. */
export function cutTo([x0, y0, x1, y1]: BoxXyxy, { h, w }: Size): BoxXyxy | null {
  const cut: BoxXyxy = [Math.max(x0, 0), Math.max(y0, 0), Math.min(x1, w), Math.min(y1, h)];
  return cut[2] - cut[0] >= 1 && cut[3] - cut[1] >= 1 ? cut : null;
}

function changed(
  { boxes, labelled }: PictureLabels,
  selection: Selection,
  change: (box: LabelBox) => LabelBox,
): PictureLabels {
  return { boxes: boxes.map((box) => (selection.includes(box.key) ? change(box) : box)), labelled };
}
