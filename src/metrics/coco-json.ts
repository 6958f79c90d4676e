import { z } from 'zod';
import { StudioError } from '../base/errors.ts';
import type { Detection, GroundTruth } from './types.ts';

/** COCO's two files as boxes: class ids index `classes`, the categories by ascending id. */
export interface CocoProblem {
  readonly detections: readonly Detection[];
  readonly groundTruth: readonly GroundTruth[];
  readonly classes: readonly string[];
  /** Full sentences: what was left out, as pycocotools leaves it out. */
  readonly warnings: readonly string[];
}

/** A JSON file that was read, and its name for messages. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

const id = z.number().int();
const flag = z.union([z.literal(0), z.literal(1), z.boolean()]).transform(Boolean);
const bbox = z
  .tuple([z.number(), z.number(), z.number(), z.number()])
  .refine(([, , width, height]) => width >= 0 && height >= 0, 'a width or height is negative');

const truthSchema = z.object({
  images: z.array(z.object({ id })),
  categories: z.array(z.object({ id, name: z.string() })),
  annotations: z.array(
    z.object({
      id: id.optional(),
      image_id: id,
      category_id: id,
      bbox,
      area: z.number().nonnegative().optional(),
      iscrowd: flag.optional(),
      difficult: flag.optional(),
    }),
  ),
});
const detectionsSchema = z.array(z.object({ image_id: id, category_id: id, bbox, score: z.number() }));

/**
 * Reads COCO ground truth and a COCO list of detections (`bbox` is x, y, width, height in pixels), to be scored as pycocotools
 * does: `ignore` of an annotation is overruled by its `iscrowd`, `difficult` is for the VOC figures alone, and what
 * belongs to a category or an annotation's image that is not listed is left out with a warning. Unlike pycocotools, an annotation
 * whose id is 0 can be matched. Throws `bad-annotation` naming file, index and field, also where a detection's image is
 * not listed.
 */
export function readCocoJson(truthFile: NamedText, detectionsFile: NamedText): CocoProblem {
  const truth = parse(truthFile, truthSchema, 'an object with images, categories and annotations');
  const found = parse(detectionsFile, detectionsSchema, 'a list of detections');

  const images = uniqueIds(truthFile, 'images', truth.images);
  uniqueIds(truthFile, 'categories', truth.categories);
  uniqueIds(truthFile, 'annotations', truth.annotations);
  const categories = [...truth.categories].sort((a, b) => a.id - b.id);
  const classes = categories.map(({ name }) => name);
  refuseRepeatedName(truthFile, truth.categories);
  const classIds = new Map(categories.map((category, index) => [category.id, index]));

  const groundTruth = truth.annotations.flatMap((annotation): GroundTruth[] => {
    const classId = classIds.get(annotation.category_id);
    if (classId === undefined || !images.has(annotation.image_id)) return [];
    const { area, iscrowd, difficult } = annotation;
    return [
      {
        imageId: annotation.image_id,
        classId,
        ...boxOf(annotation.bbox),
        ...(area === undefined ? {} : { area }),
        crowd: iscrowd ?? false,
        difficult: difficult ?? false,
      },
    ];
  });
  const detections = found.flatMap((detection, index): Detection[] => {
    if (!images.has(detection.image_id)) {
      const where = `[${index}].image_id`;
      throw refusal(detectionsFile, where, `is ${detection.image_id}, an image that ${truthFile.name} does not list`);
    }
    const classId = classIds.get(detection.category_id);
    if (classId === undefined) return [];
    return [{ imageId: detection.image_id, classId, score: detection.score, ...boxOf(detection.bbox) }];
  });
  const warnings = [
    ...leftOut(truthFile, truth.annotations.length - groundTruth.length, 'annotations', 'image or category'),
    ...leftOut(detectionsFile, found.length - detections.length, 'detections', 'category'),
  ];
  return { detections, groundTruth, classes, warnings };
}

function boxOf([x, y, w, h]: readonly [number, number, number, number]): Pick<Required<Detection>, 'boxXyxy' | 'size'> {
  return { boxXyxy: [x, y, x + w, y + h], size: { h, w } };
}

function parse<T>(file: NamedText, schema: z.ZodType<T>, expected: string): T {
  let json: unknown;
  try {
    json = JSON.parse(file.text);
  } catch (cause) {
    throw new StudioError(
      'bad-annotation',
      `${file.name} is not JSON; it should be ${expected}.`,
      { file: file.name },
      { cause },
    );
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw refusal(
    file,
    pathOf(issue?.path ?? []),
    `should be otherwise: ${issue?.message ?? 'unknown'}; the file should be ${expected}`,
  );
}

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}

function uniqueIds(file: NamedText, list: string, items: readonly { readonly id?: number | undefined }[]): Set<number> {
  const ids = new Set<number>();
  items.forEach((item, index) => {
    if (item.id === undefined) return;
    if (ids.has(item.id)) throw refusal(file, `${list}[${index}].id`, `is ${item.id}, an id that comes twice`);
    ids.add(item.id);
  });
  return ids;
}

function refuseRepeatedName(file: NamedText, categories: readonly { readonly name: string }[]): void {
  const names = new Set<string>();
  categories.forEach(({ name }, index) => {
    if (names.has(name))
      throw refusal(file, `categories[${index}].name`, `is ${JSON.stringify(name)}, a name that comes twice`);
    names.add(name);
  });
}

function leftOut({ name }: NamedText, count: number, what: string, owner: string): string[] {
  if (count === 0) return [];
  return [`${name}: ${count} ${what} were left out, because the ground truth does not list their ${owner}.`];
}

function refusal({ name }: NamedText, where: string, problem: string): StudioError {
  const subject = where === '' ? `${name} as a whole` : `${name}: ${where}`;
  return new StudioError('bad-annotation', `${subject} ${problem}. Correct the file and try again.`, {
    file: name,
    where,
  });
}
