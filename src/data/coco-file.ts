import { z } from 'zod';
import type { Size } from '../base/boxes.ts';
import { annotationAt, type CocoId, idOf } from './coco-annotation.ts';
import { type CocoRows, cocoRows } from './coco-rows.ts';
import { type JsonCursor, jsonCursor } from './json-cursor.ts';
import { eachItem } from './json-items.ts';
import { membersAt } from './json-members.ts';
import { jsonRefusal, jsonTextStart, refuseMoreJson } from './json-text.ts';
import { tally } from './tally.ts';
import type { Problem } from './types.ts';

/** What is read of a COCO file of objects. What is wrong with one of its lists stands in its `problems`. */
export interface CocoFile {
  readonly categories: CocoCategories;
  readonly images: CocoImages;
  readonly annotations: CocoAnnotations;
}

export interface CocoCategories {
  /** Names by id. */
  readonly names: ReadonlyMap<CocoId, string>;
  readonly problems: readonly Problem[];
}

export interface CocoImages {
  readonly byId: ReadonlyMap<CocoId, ListedImage>;
  readonly problems: readonly Problem[];
}

/** A picture as a COCO file names it. */
export interface ListedImage {
  /** As written: it may have folders, or lack them. */
  readonly fileName: string;
  /** Null where the file gives none. */
  readonly size: Size | null;
}

export interface CocoAnnotations {
  readonly rows: CocoRows;
  /** How many have a segmentation. */
  readonly segmentations: number;
  readonly problems: readonly Problem[];
}

const id = z.union([z.number(), z.string()]).transform(idOf);
const imageSchema = z.object({
  id,
  file_name: z.string().min(1),
  width: z.number().positive().optional().catch(undefined),
  height: z.number().positive().optional().catch(undefined),
});
const categorySchema = z.object({ id, name: z.string().min(1) });
const IMAGE_KEYS = Object.keys(imageSchema.shape);
const CATEGORY_KEYS = Object.keys(categorySchema.shape);

/** How a list is gone through, of the file with that name. */
interface Pass {
  readonly file: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * Reads a COCO file of objects (format of cocodataset.org) from its bytes, which may be more than a string can hold: each item is
 * parsed by itself. Null for any other JSON. An entry that cannot be used is left out, and each kind of that is told once, with
 * how many there are and the first; segmentations are counted and not taken. Throws `cancelled`, and `bad-annotation` with
 * the line where it is no JSON.
 */
export async function readCocoFile(bytes: Uint8Array, file: string, signal?: AbortSignal): Promise<CocoFile | null> {
  const pass: Pass = { file, signal };
  let categories: CocoCategories | null = null;
  let images: CocoImages | null = null;
  let annotations: CocoAnnotations | null = null;
  try {
    const json = jsonCursor(bytes, jsonTextStart(bytes));
    const isObject = json.isAt('object');
    if (!isObject) json.pass();
    // Of members that have the same key the last counts, as for `JSON.parse`.
    for (let more = isObject && json.enterObject(); more; more = json.nextMember()) {
      if (json.keyIs('categories')) categories = await ifList(json, pass, readCategories);
      else if (json.keyIs('images')) images = await ifList(json, pass, readImages);
      else if (json.keyIs('annotations')) annotations = await ifList(json, pass, readAnnotations);
      else json.pass();
    }
    refuseMoreJson(bytes, json.at());
  } catch (thrown) {
    throw jsonRefusal(thrown, bytes, file);
  }
  return categories === null || images === null || annotations === null ? null : { categories, images, annotations };
}

type ListReader<List> = (json: JsonCursor, pass: Pass) => Promise<List>;

/** What is read of the list at which the cursor stands; null where it is something else, which is passed. */
async function ifList<List>(json: JsonCursor, pass: Pass, read: ListReader<List>): Promise<List | null> {
  if (json.isAt('list')) return read(json, pass);
  json.pass();
  return null;
}

async function readCategories(json: JsonCursor, { file, signal }: Pass): Promise<CocoCategories> {
  const problems: Problem[] = [];
  const faults = tally(file, problems);
  const names = new Map<CocoId, string>();
  const take = (i: number): void => {
    const category = categorySchema.safeParse(membersAt(json, CATEGORY_KEYS));
    if (!category.success) faults.add('has no id or no name', 'category', `categories[${i}]`);
    else if (names.has(category.data.id)) faults.add("has another's id", 'category', `categories[${i}]`);
    else names.set(category.data.id, category.data.name);
  };
  await eachItem(json, take, signal);
  faults.end();
  return { names, problems };
}

async function readImages(json: JsonCursor, { file, signal }: Pass): Promise<CocoImages> {
  const problems: Problem[] = [];
  const faults = tally(file, problems);
  const byId = new Map<CocoId, ListedImage>();
  const take = (i: number): void => {
    const image = imageSchema.safeParse(membersAt(json, IMAGE_KEYS));
    if (!image.success) {
      faults.add('has no id or no file_name', 'image', `images[${i}]`);
      return;
    }
    const { id: imageId, file_name: fileName, width: w, height: h } = image.data;
    if (byId.has(imageId)) faults.add("has another's id", 'image', `images[${i}]`);
    else byId.set(imageId, { fileName, size: w === undefined || h === undefined ? null : { h, w } });
  };
  await eachItem(json, take, signal);
  faults.end();
  return { byId, problems };
}

async function readAnnotations(json: JsonCursor, { file, signal }: Pass): Promise<CocoAnnotations> {
  const problems: Problem[] = [];
  const faults = tally(file, problems);
  const rows = cocoRows();
  let segmentations = 0;
  const take = (i: number): void => {
    const { annotation, hasSegmentation } = annotationAt(json);
    if (hasSegmentation) segmentations += 1;
    if (annotation !== null) rows.add(annotation, i);
    else faults.add('has no usable image_id, category_id or bbox', 'annotation', `annotations[${i}]`);
  };
  await eachItem(json, take, signal);
  faults.end();
  return { rows, segmentations, problems };
}
