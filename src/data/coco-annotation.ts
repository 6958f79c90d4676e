import type { JsonCursor } from './json-cursor.ts';

/** An id as a key. Where a text reads as a number does, it is that number: the two name the same, and a map finds numbers sooner. */
export type CocoId = number | string;

/** What an annotation of a COCO file says. */
export interface CocoAnnotation {
  readonly imageId: CocoId;
  readonly categoryId: CocoId;
  readonly boxXywhPx: BoxXywh;
  readonly crowd: boolean;
  readonly difficult: boolean;
  readonly truncated: boolean;
  readonly occluded: boolean;
}

type BoxXywh = readonly [x: number, y: number, w: number, h: number];

/** What was found where an annotation is to be. */
export interface FoundAnnotation {
  /** Null where it has no usable image_id, category_id or bbox. */
  readonly annotation: CocoAnnotation | null;
  /** One that has something in it. */
  readonly hasSegmentation: boolean;
}

/**
 * The annotation at which the cursor stands, and which is passed. `difficult`, `truncated` and `occluded` are read where a tool
 * wrote them, as keys or among the attributes. It is looked at by hand: there can be a million of them, and a schema would take
 * longer than all else. Throws as the cursor.
 */
export function annotationAt(json: JsonCursor): FoundAnnotation {
  let image: unknown;
  let category: unknown;
  let bbox: unknown;
  let crowd: unknown;
  let difficult: unknown;
  let truncated: unknown;
  let occluded: unknown;
  let attributes: unknown;
  let hasSegmentation = false;
  const isObject = json.isAt('object');
  if (!isObject) json.pass();
  for (let more = isObject && json.enterObject(); more; more = json.nextMember()) {
    if (json.keyIs('segmentation')) hasSegmentation = passSegmentation(json);
    else if (json.keyIs('image_id')) image = json.value();
    else if (json.keyIs('category_id')) category = json.value();
    else if (json.keyIs('bbox')) bbox = json.value();
    else if (json.keyIs('iscrowd')) crowd = json.value();
    else if (json.keyIs('difficult')) difficult = json.value();
    else if (json.keyIs('truncated')) truncated = json.value();
    else if (json.keyIs('occluded')) occluded = json.value();
    else if (json.keyIs('attributes')) attributes = json.value();
    else json.pass();
  }
  if (!isId(image) || !isId(category) || !isBox(bbox)) return { annotation: null, hasSegmentation };
  const among = marksAmong(attributes);
  const annotation = {
    imageId: idOf(image),
    categoryId: idOf(category),
    boxXywhPx: bbox,
    crowd: isSet(crowd),
    difficult: isSet(difficult) || isSet(among.difficult),
    truncated: isSet(truncated) || isSet(among.truncated),
    occluded: isSet(occluded) || isSet(among.occluded),
  };
  return { annotation, hasSegmentation };
}

/** The key of an id as it is written. */
export function idOf(value: number | string): CocoId {
  if (typeof value === 'number') return value;
  const number = Number(value);
  return Number.isFinite(number) && String(number) === value ? number : value;
}

/** Whether a list with items or an object stands there, which is passed. */
function passSegmentation(json: JsonCursor): boolean {
  const isSome = json.isAtItems() || json.isAt('object');
  json.pass();
  return isSome;
}

interface Marks {
  readonly difficult?: unknown;
  readonly truncated?: unknown;
  readonly occluded?: unknown;
}

function marksAmong(attributes: unknown): Marks {
  return typeof attributes === 'object' && attributes !== null ? attributes : {};
}

function isId(value: unknown): value is number | string {
  return typeof value === 'string' || isFiniteNumber(value);
}

function isBox(value: unknown): value is BoxXywh {
  return Array.isArray(value) && value.length === 4 && value.every(isFiniteNumber);
}

/** JSON has numbers that are larger than any double. */
function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isSet(value: unknown): boolean {
  return value === 1 || value === true || value === '1';
}
