import type { PrecisionRecallCurve } from './types.ts';

/** Curves of no more points than this stay as they are. */
export const MOST_POINTS = 500;

/** Up to four points each. */
const RECALL_BINS = 99;

/**
 * Leaves out points of a long curve, at most about `MOST_POINTS` stay. Of each of 99 equal parts of the recall axis stay the first
 * and the last point and those of lowest and highest precision, so that no corner of the drawn line is lost; and further
 * the point of best F1, and for each whole hundredth of the score the last point that reaches it, so that precision and
 * recall at such a confidence are exact.
 */
export function thinCurve(curve: PrecisionRecallCurve): PrecisionRecallCurve {
  const { className, scores, precisions, recalls } = curve;
  if (scores.length <= MOST_POINTS) return curve;
  const kept = [...keptByRecall(curve), ...keptByScore(scores), bestAt(curve)];
  const order = [...new Set(kept)].sort((a, b) => a - b);
  const pick = (values: readonly number[]): number[] => order.map((at) => values[at] ?? 0);
  return { className, scores: pick(scores), precisions: pick(precisions), recalls: pick(recalls) };
}

function keptByRecall({ precisions, recalls }: PrecisionRecallCurve): number[] {
  const kept: number[] = [];
  const binOf = (at: number): number => Math.min(Math.floor((recalls[at] ?? 0) * RECALL_BINS), RECALL_BINS - 1);
  let first = 0;
  let lowest = 0;
  let highest = 0;
  for (let at = 0; at <= precisions.length; at += 1) {
    if (at === precisions.length || binOf(at) !== binOf(first)) {
      kept.push(first, lowest, highest, at - 1);
      first = at;
      lowest = at;
      highest = at;
    }
    if ((precisions[at] ?? 1) < (precisions[lowest] ?? 1)) lowest = at;
    if ((precisions[at] ?? 0) > (precisions[highest] ?? 0)) highest = at;
  }
  return kept;
}

function keptByScore(scores: readonly number[]): number[] {
  const kept: number[] = [];
  let at = 0;
  for (let hundredth = 100; hundredth >= 0; hundredth -= 1) {
    while (at < scores.length && (scores[at] ?? 0) >= hundredth / 100) at += 1;
    if (at > 0) kept.push(at - 1);
  }
  return kept;
}

function bestAt({ precisions, recalls }: PrecisionRecallCurve): number {
  let best = 0;
  let bestF1 = -1;
  precisions.forEach((precision, at) => {
    const recall = recalls[at] ?? 0;
    const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
    if (f1 > bestF1) {
      best = at;
      bestF1 = f1;
    }
  });
  return best;
}
