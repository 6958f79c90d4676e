import type { BoxXyxy } from '../base/boxes.ts';

/** One line of a YOLO label file. */
export interface YoloBox {
  readonly classId: number;
  /** Fractions of the picture as displayed. */
  readonly boxXyxyNorm: BoxXyxy;
}

export interface YoloLabels {
  readonly boxes: readonly YoloBox[];
  /** Lines that gave a polygon: its bounding box was taken. */
  readonly polygons: number;
  /** Lines that were left out: how many, and the first, with its number and why. */
  readonly faults: number;
  readonly firstFault: string | null;
}

/** Where a picture's label file may lie: in `labels/` for the last `images/` of its path, or beside it. */
export function yoloLabelPaths(picture: string): readonly string[] {
  const beside = picture.replace(/\.[^./]+$/, '.txt');
  return [`/${beside}`.replace(/\/images\/(?!.*\/images\/)/, '/labels/').slice(1), beside];
}

/** A box may reach so far past the picture, in fractions of it: more says that these are no fractions. */
const MOST_PAST = 0.5;

/**
 * Reads a YOLO label file: `class cx cy w h` a line, in fractions of the picture; with `class x y x y x y ...` a polygon
 * (segments, oriented boxes), of which the bounding box is taken; with six numbers a confidence behind the box, which is
 * passed over; with `hasKeypoints` what stands behind the box is passed over.
 */
export function readYoloLabels(text: string, hasKeypoints = false): YoloLabels {
  const boxes: YoloBox[] = [];
  let polygons = 0;
  let faults = 0;
  let firstFault: string | null = null;
  for (const [i, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (line.trim() === '') continue;
    const read = readLine(line.trim().split(/\s+/), hasKeypoints);
    if (typeof read === 'string') {
      faults += 1;
      firstFault ??= `line ${i + 1} ${read}`;
      continue;
    }
    boxes.push(read.box);
    if (read.isPolygon) polygons += 1;
  }
  return { boxes, polygons, faults, firstFault };
}

/** The box, or what is wrong with it. */
function readLine(words: readonly string[], hasKeypoints: boolean): { box: YoloBox; isPolygon: boolean } | string {
  const numbers = words.map((word) => (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word) ? Number(word) : Number.NaN));
  const wrong = numbers.findIndex((number) => !Number.isFinite(number));
  if (wrong >= 0) return `has "${words[wrong]?.slice(0, 20)}" in place of a number`;
  const [classId = -1, ...places] = numbers;
  if (!Number.isInteger(classId) || classId < 0) return `begins with ${words[0]?.slice(0, 20)}, which is no class id`;
  const isPolygon = !hasKeypoints && places.length >= 6 && places.length % 2 === 0;
  const isBox = hasKeypoints ? places.length >= 4 : places.length === 4 || places.length === 5;
  if (!isPolygon && !isBox) return `has ${words.length} numbers; expected a class and a box of four`;
  const boxXyxyNorm = isPolygon ? boundsOf(places) : boxOf(places);
  const [x0, y0, x1, y1] = boxXyxyNorm;
  if (boxXyxyNorm.some((side) => side < -MOST_PAST || side > 1 + MOST_PAST)) {
    return 'has a box far outside 0 to 1; expected fractions of the picture';
  }
  if (!(x1 > x0 && y1 > y0)) return 'has a box without width or height';
  return { box: { classId, boxXyxyNorm }, isPolygon };
}

function boxOf([cx = 0, cy = 0, w = 0, h = 0]: readonly number[]): BoxXyxy {
  return [cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2];
}

function boundsOf(places: readonly number[]): BoxXyxy {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i + 1 < places.length; i += 2) {
    const x = places[i] ?? 0;
    const y = places[i + 1] ?? 0;
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return box;
}
