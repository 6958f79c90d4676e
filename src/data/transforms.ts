import type { Size } from '../base/boxes.ts';
import { StudioError } from '../base/errors.ts';
import type { AnnotatedObject, Target } from './types.ts';

/** The boxes of one picture on their way to a `Target`, in 32-bit floats as the original DETR has them. */
export interface LabelledBoxes {
  readonly size: Size;
  /** `[n, 4]` f32, xyxy, pixels of `size`. */
  readonly boxesXyxyPx: Float32Array;
  /** `[n]`. */
  readonly classIds: Int32Array;
  /** `[n]` f32, square pixels; an annotation's own area may be less than its box's. */
  readonly areas: Float32Array;
}

/** One annotation of a COCO file. */
export interface CocoAnnotation {
  /** x, y, width, height in pixels. */
  readonly bbox: readonly [number, number, number, number];
  readonly category_id: number;
  readonly area: number;
  readonly iscrowd: number;
}

/**
 * COCO annotations as the original DETR takes them: crowds left out, boxes clamped to the picture, those without width or
 * height left out (facebookresearch/detr @29901c5 `datasets/coco.py`).
 */
export function fromCoco(annotations: readonly CocoAnnotation[], size: Size): LabelledBoxes {
  const single = annotations.filter(({ iscrowd }) => iscrowd === 0);
  const boxes = new Float32Array(single.length * 4);
  single.forEach(({ bbox: [x, y, w, h] }, i) => {
    // Widths are added to corners that are 32-bit floats already.
    const x0 = Math.fround(x);
    const y0 = Math.fround(y);
    boxes.set([x0, y0, x0 + Math.fround(w), y0 + Math.fround(h)], i * 4);
  });
  clampBoxes(boxes, size);
  return keepNonEmpty({
    size,
    boxesXyxyPx: boxes,
    classIds: Int32Array.from(single, ({ category_id }) => category_id),
    areas: Float32Array.from(single, ({ area }) => area),
  });
}

/** Mirrors boxes left to right. */
export function flipBoxes(labels: LabelledBoxes): LabelledBoxes {
  const { w } = labels.size;
  const boxes = mapBoxes(labels.boxesXyxyPx, ([x0, y0, x1, y1]) => [w - x1, y0, w - x0, y1]);
  return { ...labels, boxesXyxyPx: boxes };
}

/** Boxes on a part of the picture, cut at its border; those with nothing left in it are left out, areas computed anew. */
export function cropBoxes(labels: LabelledBoxes, top: number, left: number, size: Size): LabelledBoxes {
  const boxes = mapBoxes(labels.boxesXyxyPx, ([x0, y0, x1, y1]) => [x0 - left, y0 - top, x1 - left, y1 - top]);
  clampBoxes(boxes, size);
  const areas = labels.areas.map((_, i) => areaOf(boxAt(boxes, i)));
  return keepNonEmpty({ ...labels, size, boxesXyxyPx: boxes, areas });
}

/** Boxes on the picture scaled to another size. */
export function resizeBoxes(labels: LabelledBoxes, size: Size): LabelledBoxes {
  const rx = size.w / labels.size.w;
  const ry = size.h / labels.size.h;
  const [fx, fy] = [Math.fround(rx), Math.fround(ry)];
  const boxes = mapBoxes(labels.boxesXyxyPx, ([x0, y0, x1, y1]) => [x0 * fx, y0 * fy, x1 * fx, y1 * fy]);
  return { ...labels, size, boxesXyxyPx: boxes, areas: labels.areas.map((area) => area * Math.fround(rx * ry)) };
}

/** The target of a picture's boxes: centre and size as fractions of the picture. */
export function toTarget({ size, boxesXyxyPx, classIds }: LabelledBoxes): Target {
  const boxesCxcywhNorm = mapBoxes(boxesXyxyPx, ([x0, y0, x1, y1]) => [
    Math.fround((x0 + x1) / 2) / size.w,
    Math.fround((y0 + y1) / 2) / size.h,
    Math.fround(x1 - x0) / size.w,
    Math.fround(y1 - y0) / size.h,
  ]);
  return { classIds, boxesCxcywhNorm };
}

/**
 * A sample's objects, difficult ones too but no crowds, as boxes on its picture of `size`. Throws `bad-data-set` for a class that is not
 * in `classes`.
 */
export function labelsOf(
  objects: readonly AnnotatedObject[],
  size: Size,
  classes: ReadonlyMap<string, number>,
): LabelledBoxes {
  const learnt = objects.filter(({ crowd }) => crowd !== true);
  const boxes = new Float32Array(learnt.length * 4);
  const classIds = new Int32Array(learnt.length);
  learnt.forEach(({ boxXyxyPx, className }, i) => {
    boxes.set(boxXyxyPx, i * 4);
    const id = classes.get(className);
    if (id === undefined) {
      throw new StudioError('bad-data-set', `The class "${className}" is not among the data set's classes.`, {
        className,
      });
    }
    classIds[i] = id;
  });
  const areas = Float32Array.from(classIds, (_, i) => areaOf(boxAt(boxes, i)));
  return { size, boxesXyxyPx: boxes, classIds, areas };
}

type Corners = readonly [number, number, number, number];

function areaOf([x0, y0, x1, y1]: Corners): number {
  return Math.fround(x1 - x0) * Math.fround(y1 - y0);
}

function boxAt(boxes: Float32Array, i: number): Corners {
  const [a = 0, b = 0, c = 0, d = 0] = boxes.subarray(i * 4, i * 4 + 4);
  return [a, b, c, d];
}

function mapBoxes(boxes: Float32Array, change: (box: Corners) => Corners): Float32Array {
  const out = new Float32Array(boxes.length);
  for (let i = 0; i < boxes.length / 4; i += 1) out.set(change(boxAt(boxes, i)), i * 4);
  return out;
}

function clampBoxes(boxes: Float32Array, { h, w }: Size): void {
  for (let i = 0; i < boxes.length; i += 1) {
    boxes[i] = Math.min(Math.max(boxes[i] ?? 0, 0), i % 2 === 0 ? w : h);
  }
}

function keepNonEmpty(labels: LabelledBoxes): LabelledBoxes {
  const kept = [...labels.classIds.keys()].filter((i) => {
    const [x0, y0, x1, y1] = boxAt(labels.boxesXyxyPx, i);
    return x1 > x0 && y1 > y0;
  });
  return {
    size: labels.size,
    boxesXyxyPx: Float32Array.from(kept.flatMap((i) => [...boxAt(labels.boxesXyxyPx, i)])),
    classIds: Int32Array.from(kept, (i) => labels.classIds[i] ?? 0),
    areas: Float32Array.from(kept, (i) => labels.areas[i] ?? 0),
  };
}
