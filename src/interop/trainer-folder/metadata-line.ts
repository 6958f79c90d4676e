import type { AnnotatedObject, Sample } from '../../data/types.ts';

/** A picture on its way into a metadata.jsonl. */
export interface MetadataPicture {
  readonly fileName: string;
  readonly imageId: number;
  readonly size: Sample['size'];
  readonly objects: readonly AnnotatedObject[];
}

/** Fractions of a pixel that survive: powers of two, so that corner and side add up exactly. */
const PARTS = 64;

/**
 * A line of metadata.jsonl as the imagefolder of `datasets` reads it: boxes as absolute `[x, y, width, height]` inside the
 * picture, categories as ids in `classes`. `firstId` is that of the first object; ids count on over a split.
 *
 * Areas and boxes are written with a decimal point, whole ones too: the columns' types are inferred from the text, split by
 * split, and splits of different types are refused (huggingface/datasets @002f5f6 `folder_based_builder.py`).
 */
export function metadataLine(picture: MetadataPicture, classes: readonly string[], firstId: number): string {
  const { fileName, imageId, size, objects } = picture;
  const boxes = objects.map(({ boxXyxyPx }) => boxInside(boxXyxyPx, size));
  const list = (values: readonly (number | string)[]) => `[${values.join(',')}]`;
  const fields = [
    `"id":${list(objects.map((_, at) => firstId + at))}`,
    `"area":${list(boxes.map(([, , w, h]) => floatText(w * h)))}`,
    `"bbox":${list(boxes.map((box) => list(box.map(floatText))))}`,
    `"category":${list(objects.map(({ className }) => classes.indexOf(className)))}`,
  ];
  const facts = `"file_name":${JSON.stringify(fileName)},"image_id":${imageId},"width":${size.w},"height":${size.h}`;
  return `{${facts},"objects":{${fields.join(',')}}}`;
}

/** The objects that have an area left inside the picture. */
export function objectsInside({ objects, size }: Pick<Sample, 'objects' | 'size'>): readonly AnnotatedObject[] {
  return objects.filter(({ boxXyxyPx }) => {
    const [, , w, h] = boxInside(boxXyxyPx, size);
    return w > 0 && h > 0;
  });
}

function boxInside(
  [x0, y0, x1, y1]: AnnotatedObject['boxXyxyPx'],
  { h, w }: Sample['size'],
): readonly [number, number, number, number] {
  const within = (value: number, most: number) => Math.round(Math.min(Math.max(value, 0), most) * PARTS) / PARTS;
  const [left, top] = [within(x0, w), within(y0, h)];
  return [left, top, within(x1, w) - left, within(y1, h) - top];
}

function floatText(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
