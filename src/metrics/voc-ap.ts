import { iou } from '../base/iou.ts';
import type { ImageGroup } from './by-image.ts';
import { groupByClassAndImage, rankByScore } from './by-image.ts';
import type { Detection, GroundTruth } from './types.ts';

/** What became of a detection: `ignored` where its best box is difficult. */
export type VocDecision = 'tp' | 'fp' | 'ignored';

/** VOC average precision of one class. */
export interface VocClassResult {
  /** True boxes that are not difficult. */
  readonly npos: number;
  /** Best first, all images together. */
  readonly decisions: readonly VocDecision[];
  /** Of the same detections, in step with `decisions`. */
  readonly scores: readonly number[];
  /** Area under the envelope (VOC 2010 and later); null where `npos` is 0. */
  readonly ap: number | null;
  /** Mean of the best precision at 11 recalls (VOC 2007); null where `npos` is 0. */
  readonly ap11Point: number | null;
}

/** VOC average precision of all classes, by class id, and the means over those that have one. */
export interface VocEvaluation {
  readonly map: number | null;
  readonly map11Point: number | null;
  readonly perClass: readonly VocClassResult[];
}

/** How boxes are compared. */
export interface VocOptions {
  /** A detection is right from this overlap on. */
  readonly iouThreshold?: number;
  /** Inclusive pixel corners: 1 is added to each width and height. */
  readonly plus1?: boolean;
}

interface Curve {
  readonly recall: readonly number[];
  readonly precision: readonly number[];
}

/**
 * Average precision as the PASCAL VOC devkit defines it (VOCevaldet.m), for class ids from 0 to `classCount - 1`: a
 * detection is compared only with the box that it overlaps most, taken or not; `crowd` and `ignore` are not looked at.
 * Equal scores go by image id, then by the order given.
 */
export function evaluateVoc(
  detections: readonly Detection[],
  truth: readonly GroundTruth[],
  classCount: number,
  { iouThreshold = 0.5, plus1 = false }: VocOptions = {},
): VocEvaluation {
  const perClass = groupByClassAndImage(detections, truth, classCount).map((images) => {
    const npos = images.reduce((sum, image) => sum + image.truth.filter((box) => !box.difficult).length, 0);
    const decided = decide(images, iouThreshold, plus1 ? 1 : 0);
    if (npos === 0) return { npos, ...decided, ap: null, ap11Point: null };
    const curve = curveOf(decided.decisions, npos);
    return { npos, ...decided, ap: areaUnderEnvelope(curve), ap11Point: elevenPointMean(curve) };
  });
  return {
    map: meanOfMeasured(perClass.map(({ ap }) => ap)),
    map11Point: meanOfMeasured(perClass.map(({ ap11Point }) => ap11Point)),
    perClass,
  };
}

type Decided = Pick<VocClassResult, 'decisions' | 'scores'>;

function decide(images: readonly ImageGroup[], threshold: number, extra: 0 | 1): Decided {
  const unsorted: VocDecision[] = [];
  const scores: number[] = [];
  for (const { detections, truth } of images) {
    const taken = new Uint8Array(truth.length);
    // Detections of an image come best first, so that deciding image by image decides as one list would.
    for (const { boxXyxy, score } of detections) {
      let best = -1;
      let bestOverlap = Number.NEGATIVE_INFINITY;
      truth.forEach((box, index) => {
        const overlap = iou(boxXyxy, box.boxXyxy, extra);
        if (overlap > bestOverlap) {
          bestOverlap = overlap;
          best = index;
        }
      });
      scores.push(score);
      if (best === -1 || bestOverlap < threshold) unsorted.push('fp');
      else if (truth[best]?.difficult) unsorted.push('ignored');
      else unsorted.push(taken[best] === 1 ? 'fp' : 'tp');
      if (unsorted.at(-1) === 'tp') taken[best] = 1;
    }
  }
  const order = Array.from(rankByScore(Float64Array.from(scores)));
  return { decisions: order.map((at) => unsorted[at] ?? 'fp'), scores: order.map((at) => scores[at] ?? 0) };
}

/** Recall and precision after each detection that counts. */
function curveOf(decisions: readonly VocDecision[], npos: number): Curve {
  const recall: number[] = [];
  const precision: number[] = [];
  let hits = 0;
  let misses = 0;
  for (const decision of decisions) {
    if (decision === 'ignored') continue;
    if (decision === 'tp') hits += 1;
    else misses += 1;
    recall.push(hits / npos);
    precision.push(hits / (hits + misses));
  }
  return { recall, precision };
}

function areaUnderEnvelope({ recall, precision }: Curve): number {
  let area = 0;
  let envelope = 0;
  for (let i = precision.length - 1; i >= 0; i -= 1) {
    envelope = Math.max(envelope, precision[i] ?? 0);
    area += ((recall[i] ?? 0) - (recall[i - 1] ?? 0)) * envelope;
  }
  return area;
}

function elevenPointMean({ recall, precision }: Curve): number {
  let sum = 0;
  for (let point = 0; point <= 10; point += 1) {
    const least = point * 0.1; // a double: 3 * 0.1 is a little more than 0.3, as in the devkit
    let best = 0;
    recall.forEach((reached, i) => {
      if (reached >= least) best = Math.max(best, precision[i] ?? 0);
    });
    sum += best;
  }
  return sum / 11;
}

function meanOfMeasured(values: readonly (number | null)[]): number | null {
  const measured = values.filter((value) => value !== null);
  return measured.length === 0 ? null : measured.reduce((sum, value) => sum + value, 0) / measured.length;
}
