import type { BoxXyxy, Size } from '../base/boxes.ts';
import { StudioError } from '../base/errors.ts';
import { turnBoxToDisplayed } from './turn-box.ts';
import type { AnnotatedObject, ImageHeader } from './types.ts';
import type { VocAnnotation } from './voc-xml.ts';

/** The objects of an annotation on its picture, and what had to be repaired. */
export interface PlacedObjects {
  readonly objects: readonly AnnotatedObject[];
  /** Full sentences. */
  readonly remarks: readonly string[];
}

/** Sizes that were rounded after scaling are still told as the same shape. */
const ROUNDING_PX = 1;

/**
 * Puts an annotation's boxes on the displayed picture: corners become 0-based and half-open, boxes written for the stored
 * orientation are turned, those for a picture that was scaled later are scaled, and all are clamped to the picture. Throws
 * `bad-annotation` where the size in the file fits the picture in no way and neither do the boxes.
 */
export function placeObjects(annotation: VocAnnotation, image: ImageHeader): PlacedObjects {
  const remarks: string[] = [];
  const place = chooseFrame(annotation, image, remarks);
  const objects: AnnotatedObject[] = [];
  let outside = 0;
  let cut = 0;
  for (const {
    className,
    cornersInclusivePx: [xmin, ymin, xmax, ymax],
    difficult,
    truncated,
    occluded,
    crowd,
  } of annotation.objects) {
    const drawn = place([xmin - 1, ymin - 1, xmax, ymax]);
    const box = clampBox(drawn, image.size);
    if (box[2] <= box[0] || box[3] <= box[1]) {
      outside += 1;
      continue;
    }
    // A pixel too far is what 0-based writers do everywhere.
    if (drawn.some((side, i) => Math.abs(side - (box[i] ?? side)) > 1)) cut += 1;
    objects.push({
      className,
      boxXyxyPx: box,
      difficult,
      truncated,
      ...(occluded ? { occluded } : {}),
      ...(crowd ? { crowd } : {}),
    });
  }
  if (outside > 0) remarks.push(`${count(outside, 'box lies', 'boxes lie')} outside the picture; left out.`);
  if (cut > 0) remarks.push(`${count(cut, 'box reaches', 'boxes reach')} past the picture's border; cut off there.`);
  return { objects, remarks };
}

/** The box inside the picture; of no width or height where it lies outside. */
export function clampBox([x0, y0, x1, y1]: BoxXyxy, { h, w }: Size): BoxXyxy {
  const clamp = (value: number, max: number) => Math.min(Math.max(value, 0), max);
  return [clamp(x0, w), clamp(y0, h), clamp(x1, w), clamp(y1, h)];
}

type Place = (box: BoxXyxy) => BoxXyxy;

const asDrawn: Place = (box) => box;

function chooseFrame(annotation: VocAnnotation, image: ImageHeader, remarks: string[]): Place {
  const { declaredSize: declared } = annotation;
  const { size, storedSize, orientation } = image;
  if (declared === null || same(declared, size)) return asDrawn;

  const turned = orientation >= 5;
  const story = `The annotation is for ${text(declared)} pixels, the picture has ${text(size)}`;
  const turn: Place = (box) => turnBoxToDisplayed(box, storedSize, orientation);
  if (turned && same(declared, storedSize)) {
    remarks.push(`${story} once turned as its EXIF data says; the boxes were turned too.`);
    return turn;
  }
  if (same(declared, { h: size.w, w: size.h }) && fits(annotation, size)) {
    remarks.push(`${story}: width and height are swapped; the picture's own size was taken.`);
    return asDrawn;
  }
  if (fits(annotation, declared)) {
    if (isScaled(declared, size)) {
      remarks.push(`${story}: it was scaled afterwards; the boxes were scaled too.`);
      return scaling(declared, size);
    }
    if (turned && isScaled(declared, storedSize)) {
      remarks.push(`${story} once turned: it was scaled afterwards; the boxes were scaled and turned too.`);
      const scale = scaling(declared, storedSize);
      return (box) => turn(scale(box));
    }
  }
  if (fits(annotation, size)) {
    remarks.push(`${story}; the boxes fit the picture and were taken as they are.`);
    return asDrawn;
  }
  throw new StudioError('bad-annotation', `${story}, and its boxes do not fit; is it another picture's annotation?`);
}

function same(a: Size, b: Size): boolean {
  return a.h === b.h && a.w === b.w;
}

function text({ h, w }: Size): string {
  return `${w} x ${h}`;
}

function fits({ objects }: VocAnnotation, { h, w }: Size): boolean {
  return objects.every(({ cornersInclusivePx: [, , xmax, ymax] }) => xmax <= w + 1 && ymax <= h + 1);
}

/** True where both sides changed by one factor, within the rounding of a resize. */
function isScaled(from: Size, to: Size): boolean {
  const factor = Math.max(to.h, to.w) / Math.max(from.h, from.w);
  return Math.abs(from.h * factor - to.h) <= ROUNDING_PX && Math.abs(from.w * factor - to.w) <= ROUNDING_PX;
}

function scaling(from: Size, to: Size): Place {
  const rx = to.w / from.w;
  const ry = to.h / from.h;
  return ([x0, y0, x1, y1]) => [x0 * rx, y0 * ry, x1 * rx, y1 * ry];
}

function count(n: number, one: string, many: string): string {
  return n === 1 ? `One ${one}` : `${n} ${many}`;
}
