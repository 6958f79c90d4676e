import { iou } from '../base/iou.ts';
import { byScore } from './match-classes.ts';
import type { CountedImages, FoundBox, ImageBoxes, TrueBox } from './types.ts';

/**
 * `cells[truth][found]`: rows are the classes of the truth and then "nothing there", columns those of the detections and
 * then "missed". The last cell of the last row is always 0.
 */
export interface ConfusionMatrix {
  readonly cells: readonly (readonly CountedImages[])[];
}

export interface ConfusionOptions {
  /** Only detections with this score or more. */
  readonly confidence: number;
  readonly iouThreshold?: number;
}

/**
 * What was taken for what. In each image, detections are taken best first, whatever their class; each gets the free true box
 * that it overlaps most, by `iouThreshold` or more, of equal overlaps one of its own class. A pair is counted in the cell of
 * its two classes, a detection without a box under "nothing there", a box without a detection under "missed". Boxes that are
 * difficult are not counted, nor are detections that reach the threshold with such a box alone.
 *
 * So each row sums to the class's true boxes, and each column to the class's detections that count.
 */
export function confusionMatrix(
  images: readonly ImageBoxes[],
  classCount: number,
  { confidence, iouThreshold = 0.5 }: ConfusionOptions,
): ConfusionMatrix {
  const cells = Array.from({ length: classCount + 1 }, () =>
    Array.from({ length: classCount + 1 }, () => ({ count: 0, images: [] as number[] })),
  );
  images.forEach((image, imageIndex) => {
    const count = (truthClass: number, foundClass: number): void => {
      const cell = cells[truthClass]?.[foundClass];
      if (cell === undefined) return;
      cell.count += 1;
      if (cell.images.at(-1) !== imageIndex) cell.images.push(imageIndex);
    };
    const truth = image.truth.filter(({ difficult }) => !difficult);
    const difficult = image.truth.filter((box) => box.difficult);
    const taken = new Set<TrueBox>();
    for (const found of byScore(image.detections, confidence)) {
      const match = bestFree(found, truth, taken, iouThreshold);
      if (match !== null) {
        taken.add(match);
        count(match.classId, found.classId);
      } else if (!difficult.some(({ boxXyxy }) => iou(found.boxXyxy, boxXyxy) >= iouThreshold)) {
        count(classCount, found.classId);
      }
    }
    for (const box of truth) if (!taken.has(box)) count(box.classId, classCount);
  });
  return { cells };
}

function bestFree(
  found: FoundBox,
  truth: readonly TrueBox[],
  taken: ReadonlySet<TrueBox>,
  threshold: number,
): TrueBox | null {
  let best: TrueBox | null = null;
  let bestOverlap = threshold;
  for (const box of truth) {
    if (taken.has(box)) continue;
    const overlap = iou(found.boxXyxy, box.boxXyxy);
    const first = best === null && overlap >= threshold;
    const ownClass = overlap === bestOverlap && box.classId === found.classId && best?.classId !== found.classId;
    if (first || (best !== null && (overlap > bestOverlap || ownClass))) {
      best = box;
      bestOverlap = overlap;
    }
  }
  return best;
}
