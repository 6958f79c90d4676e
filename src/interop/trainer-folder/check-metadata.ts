import { z } from 'zod';

/** A picture that a line of metadata.jsonl names. */
export interface NamedPicture {
  readonly fileName: string;
  readonly width: number;
  readonly height: number;
}

const whole = z.int().positive();
const lineSchema = z.strictObject({
  // In the folder itself, with an ending that imagefolder takes, and no name that it passes over.
  file_name: z.string().regex(/^(?!\.|__)[^/\\]+\.(jpg|jpeg|png|webp|gif|bmp)$/),
  image_id: whole,
  width: whole,
  height: whole,
  objects: z.strictObject({
    id: z.array(whole),
    area: z.array(z.number().positive()),
    bbox: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])),
    category: z.array(z.int().nonnegative()),
  }),
});
type Line = z.infer<typeof lineSchema>;

/** Whole numbers in these columns would be inferred as integers, and split by split as other types. */
const WHOLE_IN_BOXES = /"(?:area|bbox)":(?=\[)[^"]*?[[,]-?\d+(?=[,\]])/;

/** Holds the lines of a split against the rules; `classes` is how many labels there are. */
export function checkMetadata(
  text: string,
  classes: number,
): { readonly named: readonly NamedPicture[]; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const named: NamedPicture[] = [];
  const files = new Set<string>();
  const images = new Set<number>();
  const ids = new Set<number>();
  for (const [at, line] of text.replace(/\n$/, '').split('\n').entries()) {
    const say = (what: string) => problems.push(`line ${at + 1}: ${what}`);
    const read = readLine(line);
    if (typeof read === 'string') {
      say(read);
      continue;
    }
    if (WHOLE_IN_BOXES.test(line)) say('an area or a box is written as a whole number, without a decimal point.');
    if (files.has(read.file_name)) say(`"${read.file_name}" stands in a line before.`);
    if (images.has(read.image_id)) say(`the image_id ${read.image_id} stands in a line before.`);
    files.add(read.file_name);
    images.add(read.image_id);
    for (const id of read.objects.id) {
      if (ids.has(id)) say(`the object id ${id} is there twice.`);
      ids.add(id);
    }
    for (const what of objectProblems(read, classes)) say(what);
    named.push({ fileName: read.file_name, width: read.width, height: read.height });
  }
  if (ids.size === 0) problems.push('the whole of it: no object, so that the types of its columns cannot be told.');
  return { named, problems };
}

function readLine(line: string): Line | string {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return 'it is not JSON.';
  }
  const parsed = lineSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return `"${issue?.path.join('.')}": ${issue?.message}.`;
}

function objectProblems({ width, height, objects }: Line, classes: number): readonly string[] {
  const { id, area, bbox, category } = objects;
  if ([area, bbox, category].some(({ length }) => length !== id.length)) {
    return ['its lists of objects are not equally long.'];
  }
  const problems = bbox.flatMap(([x, y, w, h], at) => {
    const box = `[${[x, y, w, h].join(', ')}]`;
    if (!(w > 0 && h > 0)) return [`the box ${box} has no area.`];
    if (x < 0 || y < 0 || x + w > width || y + h > height)
      return [`the box ${box} is not inside ${width} x ${height}.`];
    return area[at] === w * h ? [] : [`the area ${area[at]} is not that of the box ${box}.`];
  });
  const unknown = category.find((each) => each >= classes);
  return unknown === undefined ? problems : [...problems, `the category ${unknown} is none of ${classes} labels.`];
}
