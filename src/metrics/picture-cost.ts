import { matchClasses } from './match-classes.ts';
import type { ImageBoxes } from './types.ts';

/** What is wrong with one image at a confidence. */
export interface PictureCost {
  /** The scores of wrong detections, added up, and 1 for each missed box: 0 for a faultless image. */
  readonly cost: number;
  readonly wrong: number;
  readonly missed: number;
}

/**
 * How bad the predictions of an image are, for showing the worst first: a wrong detection costs its score, since the surer
 * it is the worse, and a missed box costs 1. A box taken for another class costs both.
 */
export function pictureCost(image: ImageBoxes, confidence: number, iouThreshold = 0.5): PictureCost {
  const { wrong, missed } = matchClasses(image, confidence, iouThreshold);
  const cost = wrong.reduce((sum, { score }) => sum + score, missed.length);
  return { cost, wrong: wrong.length, missed: missed.length };
}

/** The indices of the images with their costs, the worst first, equal ones in the order given. */
export function worstFirst(
  images: readonly ImageBoxes[],
  confidence: number,
): (PictureCost & { readonly image: number })[] {
  return images.map((boxes, image) => ({ image, ...pictureCost(boxes, confidence) })).sort((a, b) => b.cost - a.cost);
}
