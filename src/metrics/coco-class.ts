import type { ImageGroup } from './by-image.ts';
import { rankByScore } from './by-image.ts';
import { COCO_AREA_RANGES, COCO_IOU_THRESHOLDS, COCO_MAX_DETECTIONS, COCO_RECALL_THRESHOLDS } from './coco-params.ts';
import { boxArea, cocoOverlaps } from './iou.ts';
import { matchCoco } from './match-coco.ts';

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

const NO_FLAGS = new Uint8Array(0);
const MAX_DETECTIONS = COCO_MAX_DETECTIONS[2];

/** An image with what is the same for all area ranges: detections cut to 100 and their overlaps with the truth. */
interface MeasuredImage extends ImageGroup {
  readonly overlaps: Float64Array;
  readonly detectionAreas: Float64Array;
  readonly crowd: Uint8Array;
}

/**
 * Precision and recall of one class for each of the four area ranges; null where no true box counts. Source:
 * cocodataset/cocoapi @8c9bcc3 `PythonAPI/pycocotools/cocoeval.py`, evaluateImg and accumulate; recall is counted instead of
 * being read off a second sorted list, which gives the same numbers.
 */
export function evaluateCocoClass(images: readonly ImageGroup[]): readonly (CocoCurves | null)[] {
  const measured = images.map(measureImage);
  const scores: number[] = [];
  const ranks: number[] = [];
  for (const { detections } of measured) {
    detections.forEach(({ score }, rank) => {
      scores.push(score);
      ranks.push(rank);
    });
  }
  const order = rankByScore(Float64Array.from(scores));
  return COCO_AREA_RANGES.map((range) => {
    const ignored = measured.map(({ truth }) =>
      Uint8Array.from(truth, (box) => (box.crowd || box.ignore || isOutside(box.area ?? boxArea(box), range) ? 1 : 0)),
    );
    const positives = ignored.reduce((sum, flags) => sum + flags.reduce((count, flag) => count + 1 - flag, 0), 0);
    if (positives === 0) return null;
    const outcomes = COCO_IOU_THRESHOLDS.map((threshold) => judge(measured, ignored, range, threshold, scores.length));
    return {
      precision: outcomes.map((outcome) => interpolatedPrecision(outcome, order, positives)),
      recall: outcomes.map((outcome) =>
        COCO_MAX_DETECTIONS.map((most) => truePositives(outcome, ranks, most) / positives),
      ),
    };
  });
}

function measureImage(image: ImageGroup): MeasuredImage {
  const detections = image.detections.slice(0, MAX_DETECTIONS);
  return {
    ...image,
    detections,
    overlaps: cocoOverlaps(detections, image.truth),
    detectionAreas: Float64Array.from(detections, boxArea),
    crowd: Uint8Array.from(image.truth, (box) => (box.crowd ? 1 : 0)),
  };
}

/** The outcome of each detection, image after image. */
function judge(
  images: readonly MeasuredImage[],
  ignored: readonly Uint8Array[],
  range: readonly [number, number],
  threshold: number,
  detectionCount: number,
): Uint8Array {
  const outcomes = new Uint8Array(detectionCount);
  let at = 0;
  images.forEach(({ truth, overlaps, detectionAreas, crowd }, image) => {
    const flags = ignored[image] ?? NO_FLAGS;
    const matches =
      truth.length === 0 ? null : matchCoco(overlaps, detectionAreas.length, { ignored: flags, crowd }, threshold);
    for (let detection = 0; detection < detectionAreas.length; detection += 1) {
      const match = matches?.[detection] ?? -1;
      if (match !== -1) outcomes[at] = flags[match] === 1 ? IGNORED : TRUE_POSITIVE;
      else outcomes[at] = isOutside(detectionAreas[detection] ?? 0, range) ? IGNORED : FALSE_POSITIVE;
      at += 1;
    }
  });
  return outcomes;
}

/** The best precision at or beyond each recall threshold, 0 where the recall is never reached. */
function interpolatedPrecision(outcomes: Uint8Array, order: Uint32Array, positives: number): Float64Array {
  const recall: number[] = [];
  const precision: number[] = [];
  let hits = 0;
  let misses = 0;
  for (const detection of order) {
    const outcome = outcomes[detection];
    if (outcome === TRUE_POSITIVE) hits += 1;
    else if (outcome === FALSE_POSITIVE) misses += 1;
    recall.push(hits / positives);
    precision.push(hits / (misses + hits + Number.EPSILON));
  }
  for (let i = precision.length - 1; i > 0; i -= 1) {
    precision[i - 1] = Math.max(precision[i - 1] ?? 0, precision[i] ?? 0);
  }
  const interpolated = new Float64Array(COCO_RECALL_THRESHOLDS.length);
  let at = 0;
  COCO_RECALL_THRESHOLDS.forEach((threshold, index) => {
    while (at < recall.length && (recall[at] ?? 0) < threshold) at += 1;
    interpolated[index] = precision[at] ?? 0;
  });
  return interpolated;
}

function truePositives(outcomes: Uint8Array, ranks: readonly number[], most: number): number {
  let count = 0;
  outcomes.forEach((outcome, detection) => {
    if (outcome === TRUE_POSITIVE && (ranks[detection] ?? 0) < most) count += 1;
  });
  return count;
}

function isOutside(area: number, [least, most]: readonly [number, number]): boolean {
  return area < least || area > most;
}
