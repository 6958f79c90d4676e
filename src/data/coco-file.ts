import { z } from 'zod';
import type { BoxXyxy, Size } from '../base/boxes.ts';
import { tally } from './tally.ts';
import type { Problem } from './types.ts';

/** What a COCO file says of one picture. */
export interface CocoImage {
  /** As written: it may have folders, or lack them. */
  readonly fileName: string;
  /** Null where the file gives none. */
  readonly size: Size | null;
  readonly boxes: readonly CocoBox[];
}

export interface CocoBox {
  readonly className: string;
  /** 0-based and half-open, as written. */
  readonly boxXyxyPx: BoxXyxy;
  readonly difficult: boolean;
  readonly truncated: boolean;
  readonly occluded?: true;
  readonly crowd?: true;
}

const id = z.union([z.number(), z.string()]).transform(String);
const flag = z.unknown().optional();
const imageSchema = z.object({
  id,
  file_name: z.string().min(1),
  width: z.number().positive().optional().catch(undefined),
  height: z.number().positive().optional().catch(undefined),
});
const categorySchema = z.object({ id, name: z.string().min(1) });
const attributes = z.object({ difficult: flag, truncated: flag, occluded: flag }).optional().catch(undefined);
const annotationSchema = z.object({
  image_id: id,
  category_id: id,
  bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  iscrowd: flag,
  difficult: flag,
  truncated: flag,
  occluded: flag,
  attributes,
});

/** A COCO file of objects, with its parts not yet looked at. */
export interface CocoParts {
  readonly images: readonly unknown[];
  readonly annotations: readonly unknown[];
  readonly categories: readonly unknown[];
}

/** The parts of a JSON value that is a COCO file of objects; null for any other. */
export function cocoParts(value: unknown): CocoParts | null {
  if (typeof value !== 'object' || value === null) return null;
  const { images, annotations, categories } = value as Record<string, unknown>;
  if (!Array.isArray(images) || !Array.isArray(annotations) || !Array.isArray(categories)) return null;
  return { images, annotations, categories };
}

/**
 * The pictures of a COCO file with their boxes (format of cocodataset.org; `bbox` is x, y, width, height). An entry that cannot
 * be used is left out, and each kind of that is told once in `problems`, with how many there are and the first; segmentations
 * are counted and not taken. `difficult`, `truncated` and `occluded` are read where a tool wrote them, as keys or among the attributes.
 */
export function readCocoFile(
  { images, annotations, categories }: CocoParts,
  file: string,
  problems: Problem[],
): CocoImage[] {
  const faults = tally(file, problems);
  const names = new Map<string, string>();
  for (const [i, raw] of categories.entries()) {
    const category = categorySchema.safeParse(raw);
    if (!category.success) faults.add('has no id or no name', 'category', `categories[${i}]`);
    else if (names.has(category.data.id)) faults.add("has another's id", 'category', `categories[${i}]`);
    else names.set(category.data.id, category.data.name);
  }
  const byId = new Map<string, { fileName: string; size: Size | null; boxes: CocoBox[] }>();
  for (const [i, raw] of images.entries()) {
    const image = imageSchema.safeParse(raw);
    if (!image.success) {
      faults.add('has no id or no file_name', 'image', `images[${i}]`);
      continue;
    }
    const { id: imageId, file_name: fileName, width: w, height: h } = image.data;
    if (byId.has(imageId)) faults.add("has another's id", 'image', `images[${i}]`);
    else byId.set(imageId, { fileName, size: w === undefined || h === undefined ? null : { h, w }, boxes: [] });
  }
  let segmentations = 0;
  for (const [i, raw] of annotations.entries()) {
    const place = `annotations[${i}]`;
    if (hasSegmentation(raw)) segmentations += 1;
    const annotation = annotationSchema.safeParse(raw);
    if (!annotation.success) {
      faults.add('has no usable image_id, category_id or bbox', 'annotation', place);
      continue;
    }
    const { image_id, category_id, bbox, iscrowd, difficult, truncated, occluded, attributes: more } = annotation.data;
    const [x, y, w, h] = bbox;
    const image = byId.get(image_id);
    const className = names.get(category_id);
    if (image === undefined) faults.add('is of an image that is not listed', 'annotation', place);
    else if (className === undefined) faults.add('is of a category that is not listed', 'annotation', place);
    else if (!(w > 0 && h > 0)) faults.add('has a box without width or height', 'annotation', place);
    else {
      image.boxes.push({
        className,
        boxXyxyPx: [x, y, x + w, y + h],
        difficult: isSet(difficult) || isSet(more?.difficult),
        truncated: isSet(truncated) || isSet(more?.truncated),
        ...(isSet(occluded) || isSet(more?.occluded) ? { occluded: true } : {}),
        ...(isSet(iscrowd) ? { crowd: true } : {}),
      });
    }
  }
  faults.end();
  if (segmentations > 0) {
    const reason = `${segmentations} annotations have a segmentation; of each the box alone was taken.`;
    problems.push({ file, severity: 'warning', reason });
  }
  return [...byId.values()];
}

function isSet(value: unknown): boolean {
  return value === 1 || value === true || value === '1';
}

function hasSegmentation(raw: unknown): boolean {
  if (typeof raw !== 'object' || raw === null || !('segmentation' in raw)) return false;
  const { segmentation } = raw;
  return Array.isArray(segmentation)
    ? segmentation.length > 0
    : typeof segmentation === 'object' && segmentation !== null;
}
