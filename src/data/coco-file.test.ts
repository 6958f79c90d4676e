import { expect, test, vi } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { readCocoFile } from './coco-file.ts';
import { cocoImages } from './coco-images.ts';
import type { FoundBox } from './place-boxes.ts';
import { someCocoText } from './test-coco-text.ts';
import type { Problem } from './types.ts';

const encode = (text: string) => new TextEncoder().encode(text);

interface Read {
  readonly images: readonly {
    readonly fileName: string;
    readonly size: unknown;
    readonly boxes: readonly FoundBox[];
  }[];
  /** Sorted. */
  readonly reasons: readonly string[];
}

/** What a text is read as, and null where it is no COCO file. */
async function read(text: string): Promise<Read | null> {
  const problems: Problem[] = [];
  const coco = await readCocoFile(encode(text), 'x.json');
  if (coco === null) return null;
  const images = cocoImages(coco, 'x.json', problems).map(({ boxes, ...image }) => ({ ...image, boxes: boxes() }));
  return { images, reasons: problems.map(({ reason }) => reason).sort() };
}

/** The same from the tree that `JSON.parse` makes of the whole. */
function readWhole(text: string): Read | null {
  const { images, annotations, categories } = JSON.parse(text.replace(/^\ufeff/, '')) ?? {};
  if (![images, annotations, categories].every(Array.isArray)) return null;
  const faults = new Map<string, { readonly place: string; count: number }>();
  const leaveOut = (noun: string, fault: string, place: string) => {
    const key = `${noun} (PLACE) ${fault}`;
    faults.set(key, { place: faults.get(key)?.place ?? place, count: (faults.get(key)?.count ?? 0) + 1 });
  };
  const names = new Map<string, string>();
  for (const [i, category] of categories.entries()) {
    const id = idOf(category?.id);
    if (id === null || !isName(category.name)) leaveOut('A category', 'has no id or no name', `categories[${i}]`);
    else if (names.has(id)) leaveOut('A category', "has another's id", `categories[${i}]`);
    else names.set(id, category.name);
  }
  const found = new Map<string, { fileName: string; size: unknown; boxes: FoundBox[] }>();
  for (const [i, image] of images.entries()) {
    const id = idOf(image?.id);
    const size = isLength(image?.width) && isLength(image?.height) ? { h: image.height, w: image.width } : null;
    if (id === null || !isName(image.file_name)) leaveOut('An image', 'has no id or no file_name', `images[${i}]`);
    else if (found.has(id)) leaveOut('An image', "has another's id", `images[${i}]`);
    else found.set(id, { fileName: image.file_name, size, boxes: [] });
  }
  let segmentations = 0;
  for (const [i, one] of annotations.entries()) {
    const leave = (fault: string) => leaveOut('An annotation', fault, `annotations[${i}]`);
    const { segmentation } = one ?? {};
    if (Array.isArray(segmentation) ? segmentation.length > 0 : isObject(segmentation)) segmentations += 1;
    const [imageId, categoryId] = [idOf(one?.image_id), idOf(one?.category_id)];
    const { bbox } = one ?? {};
    if (imageId === null || categoryId === null || !Array.isArray(bbox) || bbox.length !== 4 || !bbox.every(isNumber)) {
      leave('has no usable image_id, category_id or bbox');
      continue;
    }
    const [x, y, w, h] = bbox as [number, number, number, number];
    const image = found.get(imageId);
    const className = names.get(categoryId);
    const has = (key: string) => isSet(one[key]) || (isObject(one.attributes) && isSet(one.attributes[key]));
    if (image === undefined) leave('is of an image that is not listed');
    else if (className === undefined) leave('is of a category that is not listed');
    else if (!(w > 0 && h > 0)) leave('has a box without width or height');
    else {
      const marks = { difficult: has('difficult'), truncated: has('truncated') };
      const more = { ...(has('occluded') ? { occluded: true } : {}), ...(isSet(one.iscrowd) ? { crowd: true } : {}) };
      image.boxes.push({ className, boxXyxyPx: [x, y, x + w, y + h], ...marks, ...more } as FoundBox);
    }
  }
  const reasons = [...faults].map(
    ([key, { place, count }]) =>
      `${key.replace('PLACE', place)}${count > 1 ? `, and so do ${count - 1} more` : ''}; left out.`,
  );
  if (segmentations > 0)
    reasons.push(`${segmentations} annotations have a segmentation; of each the box alone was taken.`);
  return { images: [...found.values()], reasons: reasons.sort() };
}

const isNumber = (value: unknown): value is number => Number.isFinite(value);
const isLength = (value: unknown): boolean => isNumber(value) && value > 0;
const isName = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
const isSet = (value: unknown): boolean => value === 1 || value === true || value === '1';
const idOf = (value: unknown): string | null => (isNumber(value) || typeof value === 'string' ? String(value) : null);

test('item by item it reads what a tree of the whole has, in whatever way that is written', async () => {
  const random = seededRandom(20_170_901);
  let boxes = 0;
  let segmented = 0;
  let others = 0;
  for (let n = 0; n < 500; n += 1) {
    const text = someCocoText(random);
    const expected = readWhole(text);
    expect(await read(text), text).toEqual(expected);
    if (expected === null) others += 1;
    boxes += expected?.images.reduce((sum, image) => sum + image.boxes.length, 0) ?? 0;
    if (expected?.reasons.some((reason) => reason.includes('have a segmentation'))) segmented += 1;
  }
  // What is compared has to have something in it.
  expect(boxes).toBeGreaterThan(200);
  expect(segmented).toBeGreaterThan(200);
  expect(others).toBeGreaterThan(20);
});

/** A file of that many annotations with polygons, all of one image. */
function segmentedCoco(annotations: number): string {
  const polygon = Array.from({ length: 60 }, (_, i) => `${i}.${i}5`).join(',');
  const one = `{"segmentation": [[${polygon}],[1,2,3]],"iscrowd": 0,"image_id": 1,"bbox": [1,2,3.5,4],"category_id": 1}`;
  return `{"images": [{"id": 1,"file_name": "a.jpg"}],"annotations": [${Array(annotations).fill(one).join(',')}],"categories": [{"id": 1,"name": "cat"}]}`;
}

test('no part larger than what is wanted of an item becomes a string or an object', async () => {
  const parse = vi.spyOn(JSON, 'parse');
  const decode = vi.spyOn(TextDecoder.prototype, 'decode');
  const set = await read(segmentedCoco(2000));
  const lengths = [
    ...parse.mock.calls.map(([text]) => text.length),
    ...decode.mock.calls.map(([bytes]) => bytes?.byteLength ?? 0),
  ];
  vi.restoreAllMocks();
  expect(Math.max(...lengths)).toBeLessThan(100);
  expect(set?.images[0]?.boxes).toHaveLength(2000);
  expect(set?.reasons).toEqual(['2000 annotations have a segmentation; of each the box alone was taken.']);
});

test('while a long list is read others have their turn, and can stop it', async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 0);
  const reading = readCocoFile(encode(segmentedCoco(40_000)), 'x.json', stop.signal);
  await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
});

const LISTS = '"images": [], "annotations": [], "categories": []';

test.each([
  ['a list at the top', '[{"image_id": 1}]'],
  ['a text', '"images"'],
  ['a list that lacks', '{"images": [], "annotations": []}'],
  ['a list that is none', '{"images": {}, "annotations": [], "categories": []}'],
  ['lists of which one is said to be something else', `{${LISTS}, "images": null}`],
  ['lists further down', `{"data": {${LISTS}}}`],
])('%s is no COCO file', async (_, text) => {
  expect(await read(text)).toBeNull();
});

test.each([
  ['a byte-order mark and blanks', `\ufeff\r\n\t {${LISTS}}\n`],
  ['keys with escapes', '{"im\\u0061ges": [], "annotations": [], "\\u0063ategories": []}'],
  ['what is nested 100,000 levels deep', `{"info": ${'['.repeat(100_000)}${']'.repeat(100_000)}, ${LISTS}}`],
])('%s is read', async (_, text) => {
  expect(await read(text)).toEqual({ images: [], reasons: [] });
});

test('ids are the same as numbers and as texts, and only where they read alike', async () => {
  const ids = ['1', '"1"', '1.0', '"1.0"', '"01"', '"Infinity"', '1e400', '""'];
  const images = ids.map((id, i) => `{"id": ${id}, "file_name": "${i}"}`).join();
  const set = await read(`{"images": [${images}], "annotations": [], "categories": []}`);
  expect(set?.images.map(({ fileName }) => fileName)).toEqual(['0', '3', '4', '5', '7']);
});

test.each([
  ['a list nested without an end', `{"annotations": ${'['.repeat(100_000)}`, 1, 'it ends too early'],
  ['a comma behind the last annotation', '{"annotations": [\n{"image_id": 1},\n]}', 3, 'found "]}"'],
  ['a comma behind the last member', '{"images": [\n{"id": 1,\n}]}', 3, 'found "}]}"'],
  ['a comma behind the last number', '{"annotations": [\n{"segmentation":\n[[1,2.5,]]}]}', 3, 'found "]]}]}"'],
  ['no comma between items', '{"images": [{}\n{}]}', 2, 'found "{}]}"'],
  ['a polygon with NaN', '{"annotations": [\n\n{"segmentation": [[1,NaN,3]]}]}', 3, 'found "NaN,3]]}]}"'],
  ['a number with a nought before it', '{"annotations": [{"segmentation":\n[[1,02]]}]}', 2, 'found "2]]}]}"'],
  ['a number that ends with its point', '{"annotations": [{"segmentation":\n[[1.,2]]}]}', 2, 'found ".,2]]}]}"'],
  ['a number with two points', '{"annotations": [{"segmentation":\n[[1.5.2,3]]}]}', 2, 'found ".2,3]]}]}"'],
  ['a number without digits', '{"annotations": [{"bbox":\n[1,-]}]}', 2, 'found "-]}]}"'],
  ['an unknown escape', '{"info": {\n"a": "\\x"}}', 2, 'found ""\\x"}}"'],
  ['a string without an end', '{"images": [{"file_name":\n"a.jpg}]}', 2, 'found ""a.jpg}]}"'],
  ['a key without a colon', '{"images" \n[]}', 2, 'found "[]}"'],
  ['brackets that do not match', '{"info": [1,\n{"a": 2]}', 2, 'found "]}"'],
  ['a file cut off in an annotation', '{"images": [],\n"annotations": [{"image_id": 1,\n', 3, 'it ends too early'],
  ['something behind the end', `{${LISTS}}\n}`, 2, 'found "}"'],
  ['a list at the top that is cut off', '[1,\n2', 2, 'it ends too early'],
  ['UTF-16', '\u0000{', 1, 'found "\u0000{"'],
])('%s is refused with its line', async (_, text, line, found) => {
  await expect(read(text)).rejects.toMatchObject({
    code: 'bad-annotation',
    message: `x.json, line ${line}: it is no JSON (${found}); mend or export it again.`,
    details: { name: 'x.json', line },
  });
});

test('more levels than a million are refused with their line', async () => {
  const levels = 1_000_001;
  await expect(read(`{"info":\n${'['.repeat(levels)}${']'.repeat(levels)}, ${LISTS}}`)).rejects.toThrow(
    'x.json, line 2: lists and objects lie in each other more than 1000000 deep',
  );
});
