import { thinCurve } from './thin-curve.ts';
import type { Detection, GroundTruth, OperatingPoint, PrecisionRecallCurve } from './types.ts';
import { evaluateVoc, type VocClassResult } from './voc-ap.ts';

/** A detection that counts: right or wrong, with its score. */
interface Counted {
  readonly score: number;
  readonly right: boolean;
}

/**
 * Precision against recall at an overlap of 0.5: all classes together first, then each class of `classes` in order, with the
 * decisions of `evaluateVoc` (difficult boxes count neither for nor against). Boxes of one score are taken together. A
 * class without true boxes has an empty curve, for it has no recall. Long curves are thinned (`thinCurve`).
 */
export function precisionRecallCurves(
  detections: readonly Detection[],
  truth: readonly GroundTruth[],
  classes: readonly string[],
): PrecisionRecallCurve[] {
  const { perClass } = evaluateVoc(detections, truth, classes.length);
  const pooled = perClass.flatMap(countedOf).sort((a, b) => b.score - a.score);
  const npos = perClass.reduce((sum, result) => sum + result.npos, 0);
  return [
    curveOf(null, pooled, npos),
    ...perClass.map((result, classId) => curveOf(classes[classId] ?? '', countedOf(result), result.npos)),
  ];
}

function countedOf({ decisions, scores }: VocClassResult): Counted[] {
  return decisions.flatMap((decision, at) =>
    decision === 'ignored' ? [] : [{ score: scores[at] ?? 0, right: decision === 'tp' }],
  );
}

function curveOf(className: string | null, counted: readonly Counted[], npos: number): PrecisionRecallCurve {
  const scores: number[] = [];
  const precisions: number[] = [];
  const recalls: number[] = [];
  if (npos > 0) {
    let hits = 0;
    counted.forEach(({ score, right }, at) => {
      if (right) hits += 1;
      if (counted[at + 1]?.score === score) return;
      scores.push(score);
      precisions.push(hits / (at + 1));
      recalls.push(hits / npos);
    });
  }
  return thinCurve({ className, scores, precisions, recalls });
}

/** The harmonic mean of precision and recall; 0 where both are. */
export function f1Of(precision: number, recall: number): number {
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

/** The point with the best F1, the highest confidence of equal ones; null for a curve without points. */
export function bestF1(curve: PrecisionRecallCurve): OperatingPoint | null {
  let best: OperatingPoint | null = null;
  curve.scores.forEach((confidence, at) => {
    const precision = curve.precisions[at] ?? 0;
    const recall = curve.recalls[at] ?? 0;
    const f1 = f1Of(precision, recall);
    if (best === null || f1 > best.f1) best = { confidence, precision, recall, f1 };
  });
  return best;
}

/** What taking every box with a score of `confidence` or more gives. Exact at the curve's own scores and at whole hundredths. */
export function pointAt({ scores, precisions, recalls }: PrecisionRecallCurve, confidence: number): OperatingPoint {
  // Scores sink: the number of those that are high enough is found by halving.
  let low = 0;
  let high = scores.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((scores[middle] ?? 0) >= confidence) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return { confidence, precision: null, recall: 0, f1: 0 };
  const precision = precisions[low - 1] ?? 0;
  const recall = recalls[low - 1] ?? 0;
  return { confidence, precision, recall, f1: f1Of(precision, recall) };
}
