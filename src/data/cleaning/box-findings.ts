import { iou } from '../../base/iou.ts';
import type { AnnotatedObject, Sample } from '../types.ts';
import type { BoxFinding } from './types.ts';

/** A side of so many pixels holds nothing that can be told: a slip of the mouse. */
const TINY_SIDE_PX = 3;
/** A box of so much of its picture says nothing of where the object is. */
const WHOLE_SHARE = 0.98;
/** Two boxes of one object differ by the hand alone. */
const DOUBLED_IOU = 0.9;

/** Boxes of a picture that are likely not what was meant. Crowds double nothing, and are not doubled. */
export function boxFindings({ id, objects, size }: Sample): BoxFinding[] {
  const found: BoxFinding[] = [];
  objects.forEach((object, box) => {
    const [x0, y0, x1, y1] = object.boxXyxyPx;
    const [w, h] = [x1 - x0, y1 - y0];
    const of = `The box ${box + 1} of "${id}" (${object.className})`;
    if (Math.min(w, h) < TINY_SIDE_PX) {
      const reason = `${of} is ${shown(w)} x ${shown(h)} px; an object of less than ${TINY_SIDE_PX} px is none that can be learnt.`;
      found.push({ kind: 'tiny', sampleId: id, box, other: null, reason });
    } else if (w * h >= WHOLE_SHARE * size.w * size.h) {
      const reason = `${of} is the whole picture; draw it around the object, or leave it if the object fills the picture.`;
      found.push({ kind: 'whole', sampleId: id, box, other: null, reason });
    }
    const other = objects.findIndex((before, place) => place < box && isSamePlace(before, object));
    if (other < 0) return;
    const before = objects[other]?.className ?? '';
    found.push(
      before === object.className
        ? {
            kind: 'doubled',
            sampleId: id,
            box,
            other,
            reason: `${of} lies on box ${other + 1}, of the same class: it is counted twice.`,
          }
        : {
            kind: 'contradicting',
            sampleId: id,
            box,
            other,
            reason: `${of} lies on box ${other + 1}, which says ${before}: one of them is wrong.`,
          },
    );
  });
  return found;
}

function isSamePlace(a: AnnotatedObject, b: AnnotatedObject): boolean {
  return a.crowd !== true && b.crowd !== true && iou(a.boxXyxyPx, b.boxXyxyPx) >= DOUBLED_IOU;
}

function shown(px: number): string {
  return String(Number(px.toFixed(1)));
}
