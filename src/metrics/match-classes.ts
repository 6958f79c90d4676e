import { iou } from '../base/iou.ts';
import type { FoundBox, ImageBoxes, TrueBox } from './types.ts';

/** The pairs of one image, class by class. */
export interface ClassMatch {
  /** Right: a free box of the same class was there. */
  readonly right: readonly { readonly found: FoundBox; readonly box: TrueBox }[];
  /** Wrong: no such box. Those that reach the threshold with a difficult box of their class are in neither list. */
  readonly wrong: readonly FoundBox[];
  /** True boxes without a detection, difficult ones left out. */
  readonly missed: readonly TrueBox[];
}

/** The detections with a score of `confidence` or more, best first, equal ones in the order given. */
export function byScore(detections: readonly FoundBox[], confidence: number): FoundBox[] {
  return detections.filter(({ score }) => score >= confidence).sort((a, b) => b.score - a.score);
}

/**
 * Gives each detection of an image, best first, the free true box of its own class that it overlaps most, by `iouThreshold`
 * or more; boxes that count go before difficult ones.
 */
export function matchClasses({ detections, truth }: ImageBoxes, confidence: number, iouThreshold = 0.5): ClassMatch {
  const right: { found: FoundBox; box: TrueBox }[] = [];
  const wrong: FoundBox[] = [];
  const taken = new Set<TrueBox>();
  for (const found of byScore(detections, confidence)) {
    let best: TrueBox | null = null;
    let bestOverlap = 0;
    let hitsDifficult = false;
    for (const box of truth) {
      if (box.classId !== found.classId) continue;
      const overlap = iou(found.boxXyxy, box.boxXyxy);
      if (overlap < iouThreshold) continue;
      if (box.difficult) hitsDifficult = true;
      else if (!taken.has(box) && overlap > bestOverlap) {
        best = box;
        bestOverlap = overlap;
      }
    }
    if (best !== null) {
      taken.add(best);
      right.push({ found, box: best });
    } else if (!hitsDifficult) wrong.push(found);
  }
  return { right, wrong, missed: truth.filter((box) => !box.difficult && !taken.has(box)) };
}
