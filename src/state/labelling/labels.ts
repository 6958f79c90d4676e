import type { BoxXyxy } from '../../base/boxes.ts';
import type { Sample } from '../../rpc/protocol.ts';
import { sameBox } from './geometry.ts';

type AnnotatedObject = Sample['objects'][number];

/** A box while its picture is edited: with a key that stays its own through every change, undone or not. */
export interface LabelBox extends AnnotatedObject {
  readonly key: number;
}

/** What a box has that nobody marked. */
const UNMARKED = { difficult: false, truncated: false } as const;

/** The box with a mark set or taken away; one that has it so already stays the same object. */
export function withFlag(box: LabelBox, flag: Flag, isSet: boolean): LabelBox {
  if ((box[flag] === true) === isSet) return box;
  const { [flag]: _, ...rest } = box;
  return { ...UNMARKED, ...rest, ...(isSet ? { [flag]: true } : {}) };
}

/** What is said of one picture. */
export interface PictureLabels {
  /** In the order of the file; the last was drawn last. */
  readonly boxes: readonly LabelBox[];
  /** True without boxes: somebody looked, and nothing of any class is there. */
  readonly labelled: boolean;
}

/** The marks of a box that a person sets, with the words for them. Another one that is true or absent is another line. */
export const FLAGS = [
  { flag: 'difficult', key: 'D', words: 'Difficult', does: 'Difficult: counts neither for nor against in evaluation' },
  { flag: 'truncated', key: 'T', words: 'Truncated', does: 'Truncated: goes on past the edge of the picture' },
  { flag: 'occluded', key: 'O', words: 'Occluded', does: 'Occluded: something stands before a part of it' },
] as const satisfies readonly {
  readonly flag: keyof AnnotatedObject;
  readonly key: string;
  readonly words: string;
  readonly does: string;
}[];
export type Flag = (typeof FLAGS)[number]['flag'];

/** How far a picture is, as the lists mark it. */
export type PictureMark = 'boxes' | 'empty' | 'not-yet';

export function markOf({ labelled, objects }: Pick<Sample, 'labelled' | 'objects'>): PictureMark {
  if (objects.length > 0) return 'boxes';
  return labelled ? 'empty' : 'not-yet';
}

/** "3 boxes", "reviewed, nothing here" or "not labelled yet". */
export function markWords({ labelled, objects }: Pick<Sample, 'labelled' | 'objects'>): string {
  if (objects.length > 0) return boxesText(objects.length);
  return labelled ? 'reviewed, nothing here' : 'not labelled yet';
}

export function boxesText(count: number): string {
  return count === 1 ? '1 box' : `${count} boxes`;
}

let lastKey = 0;

/** A key that no other box of this page has. */
export function freshKey(): number {
  lastKey += 1;
  return lastKey;
}

/** Keyed boxes of arrays of objects: a picture that is gone back to has the keys that it had. */
const keyed = new WeakMap<readonly AnnotatedObject[], readonly LabelBox[]>();

/** The labels of a sample, with keys. */
export function labelsOf({ objects, labelled }: Pick<Sample, 'objects' | 'labelled'>): PictureLabels {
  const boxes = keyed.get(objects) ?? objects.map((object) => ({ ...object, key: freshKey() }));
  keyed.set(objects, boxes);
  return { boxes, labelled };
}

/** The sample with these labels, as it is kept. */
export function withLabels(sample: Sample, { boxes, labelled }: PictureLabels): Sample {
  const objects = boxes.map(({ key: _, ...object }) => object);
  keyed.set(objects, boxes);
  return { ...sample, objects, labelled };
}

/** A new box of a class. */
export function newBox(className: string, boxXyxyPx: BoxXyxy): LabelBox {
  return { key: freshKey(), className, boxXyxyPx, ...UNMARKED };
}

/** Whether nothing differs between two states of a picture. */
export function sameLabels(a: PictureLabels, b: PictureLabels): boolean {
  return (
    a.labelled === b.labelled && a.boxes.length === b.boxes.length && a.boxes.every((box, at) => box === b.boxes[at])
  );
}

/** Keys of the boxes that are in one state and were not so in the other. */
export function changedKeys(from: PictureLabels, to: PictureLabels): number[] {
  const before = new Set(from.boxes);
  return to.boxes.filter((box) => !before.has(box)).map(({ key }) => key);
}

/** The boxes with those of a map in other places; a box that stays where it was stays the same object. */
export function withPlaces(boxes: readonly LabelBox[], places: ReadonlyMap<number, BoxXyxy>): LabelBox[] {
  return boxes.map((box) => {
    const boxXyxyPx = places.get(box.key);
    return boxXyxyPx === undefined || sameBox(boxXyxyPx, box.boxXyxyPx) ? box : { ...box, boxXyxyPx };
  });
}
