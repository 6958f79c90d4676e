import { iou } from '../base/iou.ts';
import { cornerDistance } from './compare-detections.ts';
import type { DetectedBox, OwnResizeDifference } from './types.ts';

/** Boxes that overlap so far are taken for the same. */
const SAME_IOU = 0.5;

/** From this score on a box is one that a person would be shown. */
const SHOWN_SCORE = 0.5;

/**
 * How what transformers.js finds in a picture that it resized itself differs from what it finds in one that we resized:
 * each shown box of the latter looks for the nearest of its class among the former.
 */
export function compareOwnResize(ours: readonly DetectedBox[], theirs: readonly DetectedBox[]): OwnResizeDifference {
  const shown = ours.filter(({ score }) => score >= SHOWN_SCORE);
  const left = new Set(theirs.filter(({ score }) => score >= SHOWN_SCORE));
  let same = 0;
  let largestScore = 0;
  let largestBoxPx = 0;
  for (const { labelId, score, boxXyxyPx } of shown) {
    const nearest = [...left]
      .filter((other) => other.labelId === labelId)
      .map((other) => ({ other, overlap: iou(boxXyxyPx, other.boxXyxyPx) }))
      .reduce<{ other: DetectedBox; overlap: number } | null>(
        (best, each) => (best === null || each.overlap > best.overlap ? each : best),
        null,
      );
    if (nearest === null || nearest.overlap < SAME_IOU) continue;
    left.delete(nearest.other);
    same += 1;
    largestScore = Math.max(largestScore, Math.abs(score - nearest.other.score));
    largestBoxPx = Math.max(largestBoxPx, cornerDistance(boxXyxyPx, nearest.other.boxXyxyPx));
  }
  return { count: shown.length, same, extra: left.size, score: largestScore, boxPx: largestBoxPx };
}
