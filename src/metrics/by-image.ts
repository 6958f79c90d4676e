import type { Detection, GroundTruth } from './types.ts';

/** What was found and what is there, of one class in one image. */
export interface ImageGroup {
  readonly imageId: number;
  /** Best first; equal scores in the order given. */
  readonly detections: readonly Detection[];
  readonly truth: readonly GroundTruth[];
}

/**
 * Splits detections and truth by class and image: element `c` holds the images of class id `c` by ascending id, those
 * where it is neither found nor present left out. Class ids from `classCount` on are left out.
 */
export function groupByClassAndImage(
  detections: readonly Detection[],
  truth: readonly GroundTruth[],
  classCount: number,
): readonly (readonly ImageGroup[])[] {
  const classes = Array.from(
    { length: classCount },
    () => new Map<number, { detections: Detection[]; truth: GroundTruth[] }>(),
  );
  const groupOf = (classId: number, imageId: number) => {
    const images = classes[classId];
    const known = images?.get(imageId);
    if (known !== undefined || images === undefined) return known;
    const made = { detections: [], truth: [] };
    images.set(imageId, made);
    return made;
  };
  for (const box of truth) groupOf(box.classId, box.imageId)?.truth.push(box);
  for (const box of detections) groupOf(box.classId, box.imageId)?.detections.push(box);
  return classes.map((images) =>
    [...images]
      .sort(([a], [b]) => a - b)
      .map(([imageId, group]) => {
        group.detections.sort((a, b) => b.score - a.score); // stable
        return { imageId, ...group };
      }),
  );
}

/** The indices of `scores` from the highest to the lowest; equal scores keep their order. */
export function rankByScore(scores: Float64Array): Uint32Array {
  const order = Uint32Array.from(scores, (_, index) => index);
  return order.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0)); // stable
}
