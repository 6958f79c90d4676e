import type { ImageGroup } from './by-image.ts';
import { rankByScore } from './by-image.ts';
import { boxArea, cocoOverlaps } from './coco-overlaps.ts';
import { COCO_AREA_RANGES, COCO_IOU_THRESHOLDS, COCO_MAX_DETECTIONS, COCO_RECALL_THRESHOLDS } from './coco-params.ts';
import { matchCoco } from './match-coco.ts';
import type { GroundTruth } from './types.ts';

/** What one class reaches within one area range; the first index is that of the overlap threshold. */
export interface CocoCurves {
  /** `[10][101]`: precision at each of the recall thresholds. */
  readonly precision: readonly Float64Array[];
  /** `[10][3]`: recall with the best 1, 10 and 100 detections of each image. */
  readonly recall: readonly (readonly number[])[];
}

const FALSE_POSITIVE = 0;
const TRUE_POSITIVE = 1;
const IGNORED = 2;

const [BEST, TEN, MAX_DETECTIONS] = COCO_MAX_DETECTIONS;

/** An image in which there is something to find, with what is the same for all thresholds. */
interface MeasuredImage {
  readonly truth: readonly GroundTruth[];
  readonly crowd: Uint8Array;
  /** At most 100. */
  readonly detectionCount: number;
  /** `[detections, truth]`. */
  readonly overlaps: Float64Array;
  /** Where its detections begin among those of the class. */
  readonly start: number;
}

/** All detections of the class, image after image, best first within an image. */
interface MeasuredDetections {
  readonly area: Float64Array;
  /** Place within its image, from 0. */
  readonly rank: Uint8Array;
  /** Their indices from the highest score to the lowest. */
  readonly order: Uint32Array;
}

/**
 * Precision and recall of one class for each of the four area ranges; null where no true box counts. Source:
 * cocodataset/cocoapi @8c9bcc3 `PythonAPI/pycocotools/cocoeval.py`, evaluateImg and accumulate. Precision is kept at true
 * positives only: recall rises nowhere else, and the best precision beyond any point is reached at one.
 */
export function evaluateCocoClass(images: readonly ImageGroup[]): readonly (CocoCurves | null)[] {
  const detections = measureDetections(images);
  const measured = measureImages(images);
  return COCO_AREA_RANGES.map((range) => {
    const ignored = measured.map(({ truth }) =>
      Uint8Array.from(truth, (box) => (box.crowd || box.ignore || isOutside(box.area ?? boxArea(box), range) ? 1 : 0)),
    );
    const positives = ignored.reduce((sum, flags) => sum + flags.reduce((count, flag) => count + 1 - flag, 0), 0);
    if (positives === 0) return null;
    const unmatched = Uint8Array.from(detections.area, (area) => (isOutside(area, range) ? IGNORED : FALSE_POSITIVE));
    const curves = COCO_IOU_THRESHOLDS.map((threshold) =>
      curvesOf(judge(measured, ignored, unmatched, threshold), detections, positives),
    );
    return { precision: curves.map(({ precision }) => precision), recall: curves.map(({ recall }) => recall) };
  });
}

function measureDetections(images: readonly ImageGroup[]): MeasuredDetections {
  const count = images.reduce((sum, image) => sum + Math.min(image.detections.length, MAX_DETECTIONS), 0);
  const area = new Float64Array(count);
  const rank = new Uint8Array(count);
  const scores = new Float64Array(count);
  let at = 0;
  for (const { detections } of images) {
    for (let place = 0; place < Math.min(detections.length, MAX_DETECTIONS); place += 1) {
      const detection = detections[place];
      if (detection === undefined) continue;
      area[at] = boxArea(detection);
      rank[at] = place;
      scores[at] = detection.score;
      at += 1;
    }
  }
  return { area, rank, order: rankByScore(scores) };
}

function measureImages(images: readonly ImageGroup[]): MeasuredImage[] {
  const measured: MeasuredImage[] = [];
  let start = 0;
  for (const { detections, truth } of images) {
    const detectionCount = Math.min(detections.length, MAX_DETECTIONS);
    if (truth.length > 0) {
      const overlaps = cocoOverlaps(detections.slice(0, MAX_DETECTIONS), truth);
      const crowd = Uint8Array.from(truth, (box) => (box.crowd ? 1 : 0));
      measured.push({ truth, crowd, detectionCount, overlaps, start });
    }
    start += detectionCount;
  }
  return measured;
}

/** The outcome of each detection; `unmatched` holds what it is where it matches nothing. */
function judge(
  images: readonly MeasuredImage[],
  ignored: readonly Uint8Array[],
  unmatched: Uint8Array,
  threshold: number,
): Uint8Array {
  const outcomes = unmatched.slice();
  images.forEach(({ crowd, detectionCount, overlaps, start }, image) => {
    const flags = ignored[image] ?? crowd;
    matchCoco(overlaps, detectionCount, { ignored: flags, crowd }, threshold).forEach((match, detection) => {
      if (match !== -1) outcomes[start + detection] = flags[match] === 1 ? IGNORED : TRUE_POSITIVE;
    });
  });
  return outcomes;
}

function curvesOf(
  outcomes: Uint8Array,
  { order, rank }: MeasuredDetections,
  positives: number,
): { precision: Float64Array; recall: number[] } {
  const precision: number[] = []; // at each true positive
  let misses = 0;
  let hitsOfBest = 0;
  let hitsOfTen = 0;
  for (let i = 0; i < order.length; i += 1) {
    const detection = order[i] ?? 0;
    const outcome = outcomes[detection];
    if (outcome === FALSE_POSITIVE) misses += 1;
    if (outcome !== TRUE_POSITIVE) continue;
    const hits = precision.length + 1;
    precision.push(hits / (misses + hits + Number.EPSILON));
    const place = rank[detection] ?? 0;
    if (place < BEST) hitsOfBest += 1;
    if (place < TEN) hitsOfTen += 1;
  }
  return {
    precision: interpolated(precision, positives),
    recall: [hitsOfBest / positives, hitsOfTen / positives, precision.length / positives],
  };
}

/** The best precision at or beyond each recall threshold, 0 where the recall is never reached. */
function interpolated(precision: number[], positives: number): Float64Array {
  for (let i = precision.length - 1; i > 0; i -= 1) {
    precision[i - 1] = Math.max(precision[i - 1] ?? 0, precision[i] ?? 0);
  }
  const at = new Float64Array(COCO_RECALL_THRESHOLDS.length);
  let hit = 0;
  COCO_RECALL_THRESHOLDS.forEach((threshold, index) => {
    while (hit < precision.length && (hit + 1) / positives < threshold) hit += 1;
    at[index] = precision[hit] ?? 0;
  });
  return at;
}

function isOutside(area: number, [least, most]: readonly [number, number]): boolean {
  return area < least || area > most;
}
