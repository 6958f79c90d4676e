import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';
import type { BoxXyxy, Size } from '../base/boxes.ts';
import { StudioError } from '../base/errors.ts';
import { decodeXml } from './xml-text.ts';

/** One object of an annotation as its file says, before anything is known of the picture. */
export interface VocObject {
  readonly className: string;
  /** VOC's own corners `[xmin, ymin, xmax, ymax]`: pixels, 1-based, inclusive; xmin <= xmax and ymin <= ymax. */
  readonly cornersInclusivePx: BoxXyxy;
  readonly difficult: boolean;
  readonly truncated: boolean;
  readonly occluded?: true;
  /** Of other formats alone. */
  readonly crowd?: true;
}

/** What one VOC annotation says. */
export interface VocAnnotation {
  /** Null where the file gives no size. */
  readonly declaredSize: Size | null;
  readonly objects: readonly VocObject[];
  /** Full sentences: objects that were left out, and what looks wrong. */
  readonly remarks: readonly string[];
}

const text = z.string();
const optionalText = text.or(z.array(z.unknown())).optional();
const corners = z.object({ xmin: text, ymin: text, xmax: text, ymax: text }).partial().loose();
const objectSchema = z.object({
  name: z.unknown().optional(),
  bndbox: z.unknown().optional(),
  difficult: optionalText,
  truncated: optionalText,
  occluded: optionalText,
});
const annotationSchema = z.object({ size: z.unknown().optional(), object: z.array(z.unknown()).optional() });
const rootSchema = z.object({ annotation: annotationSchema.or(z.literal('')) });
const sizeSchema = z.object({ width: text, height: text });

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  removeNSPrefix: true,
  // Numeric character references; a document type, the only source of other entities, is refused before parsing.
  htmlEntities: true,
  isArray: (name, path) => name === 'object' && path === 'annotation.object',
});

/**
 * Reads a PASCAL VOC annotation (devkit, VOC2012). Only direct children of `<object>` count, so the boxes of a `<part>` are
 * not objects; an object that cannot be used is left out with a remark. Throws `bad-annotation` for no text, HTML, a
 * document type, XML that is not well formed, or another root.
 */
export function readVocAnnotation(bytes: Uint8Array): VocAnnotation {
  const xml = decodeXml(bytes);
  refuseForeign(xml);
  const root = rootSchema.safeParse(parseXml(xml));
  if (!root.success) {
    throw new StudioError('bad-annotation', 'Its root element is not <annotation>, which a VOC annotation has.');
  }
  if (root.data.annotation === '') return { declaredSize: null, objects: [], remarks: [] };

  const remarks: string[] = [];
  const objects: VocObject[] = [];
  (root.data.annotation.object ?? []).forEach((raw, index) => {
    const result = readObject(raw);
    if (typeof result === 'string') remarks.push(`Object ${index + 1} was left out: ${result}.`);
    else objects.push(result);
  });
  const distinct = withoutRepeats(objects, remarks);
  const thin = distinct.filter(({ cornersInclusivePx: [x0, y0, x1, y1] }) => x0 === x1 || y0 === y1).length;
  if (thin > 0) remarks.push(`${boxes(thin)} 1 pixel wide or high, which looks like a mistake; kept as drawn.`);
  return { declaredSize: readSize(root.data.annotation.size), objects: distinct, remarks };
}

function boxes(n: number): string {
  return n === 1 ? 'One box is' : `${n} boxes are`;
}

function refuseForeign(xml: string): void {
  if (/^\s*(<!doctype\s+html|<html)/i.test(xml)) {
    throw new StudioError('bad-annotation', 'It is an HTML page, not a VOC annotation; the download went wrong.');
  }
  if (/<!doctype/i.test(xml)) {
    throw new StudioError('bad-annotation', 'It has a DOCTYPE, which may hide entities; remove it.');
  }
}

function parseXml(xml: string): unknown {
  const verdict = XMLValidator.validate(xml);
  if (verdict !== true) {
    const message = `It is not well-formed XML, perhaps cut off (line ${verdict.err.line}).`;
    throw new StudioError('bad-annotation', message, { line: verdict.err.line, reason: verdict.err.msg });
  }
  try {
    return parser.parse(xml);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StudioError('bad-annotation', `It cannot be read as XML: ${why}.`, {}, { cause });
  }
}

/** The object, or why it cannot be used. */
function readObject(raw: unknown): VocObject | string {
  const parsed = objectSchema.safeParse(raw);
  if (!parsed.success) return 'it holds no elements';
  const { name, bndbox } = parsed.data;
  if (typeof name !== 'string' || name === '') {
    return Array.isArray(name) ? 'it has more than one name' : 'it has no class name';
  }
  const box = corners.safeParse(bndbox);
  if (bndbox === undefined || !box.success) return `it has no usable <bndbox> (class "${name}")`;

  const values: number[] = [];
  for (const side of ['xmin', 'ymin', 'xmax', 'ymax'] as const) {
    const value = readNumber(box.data[side]);
    if (value === null) return `its ${side} is "${box.data[side] ?? ''}", not a number (class "${name}")`;
    values.push(value);
  }
  const [xmin = 0, ymin = 0, xmax = 0, ymax = 0] = values;
  if (xmin > xmax || ymin > ymax) {
    return `its corners are swapped, ${xmin},${ymin} to ${xmax},${ymax} (class "${name}")`;
  }
  return {
    className: name,
    cornersInclusivePx: [xmin, ymin, xmax, ymax],
    difficult: readFlag(parsed.data.difficult),
    truncated: readFlag(parsed.data.truncated),
    ...(readFlag(parsed.data.occluded) ? { occluded: true } : {}),
  };
}

/** A finite decimal number, or null. */
function readNumber(value: string | undefined): number | null {
  if (value === undefined || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** Writers put 1, true or yes; anything else, such as "Unspecified" or nothing, is no. */
function readFlag(value: unknown): boolean {
  return typeof value === 'string' && /^(1|true|yes)$/i.test(value);
}

function readSize(raw: unknown): Size | null {
  const size = sizeSchema.safeParse(raw);
  if (!size.success) return null;
  const w = readNumber(size.data.width);
  const h = readNumber(size.data.height);
  return w === null || h === null || w <= 0 || h <= 0 ? null : { h, w };
}

/** Objects of one class with one box are one object; merging annotation files leaves such repeats. */
function withoutRepeats(objects: readonly VocObject[], remarks: string[]): VocObject[] {
  const distinct = new Map<string, VocObject>();
  for (const object of objects) {
    const key = `${object.cornersInclusivePx.join()},${object.className}`;
    if (!distinct.has(key)) distinct.set(key, object);
  }
  const repeats = objects.length - distinct.size;
  if (repeats > 0) {
    remarks.push(`${repeats} object${repeats === 1 ? '' : 's'} repeated another's class and box; each was kept once.`);
  }
  return [...distinct.values()];
}
