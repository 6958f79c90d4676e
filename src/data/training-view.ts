import type { Augment } from '../base/augment.ts';
import type { Size } from '../base/boxes.ts';
import { hash32 } from '../base/hash.ts';
import { type Random, seededRandom } from '../base/random.ts';
import { shapeOf } from './buckets.ts';
import { insideShares } from './inside-shares.ts';
import { resizedSize } from './resized-size.ts';
import { flipOf, SeedUse } from './sampler.ts';
import type { LabelledBoxes } from './transforms.ts';
import type { PreprocessorConfig } from './types.ts';
import { type CropWindow, type ViewPlan, wholeView } from './view-plan.ts';

/** Where a picture's boxes are. */
export type BoxesOnPicture = Pick<LabelledBoxes, 'size' | 'boxesXyxyPx'>;
type Edges = Pick<PreprocessorConfig, 'shortestEdge' | 'longestEdge'>;

/** DETR's 480, 512, ... 800 of 800, as fractions of the run's own size: 15/25, 16/25, ... 25/25. */
const SCALES = Array.from({ length: 11 }, (_, i) => (15 + i) / 25);
/** The shortest edge before the crop: 400, 500 or 600 of 800. */
const MIDDLE_SCALES = [0.5, 0.625, 0.75];
/** Sides of the crop: from 384 to 600 of 800. */
const LEAST_SIDE = 0.48;
const MOST_SIDE = 0.75;
/** How much of at least one box a crop must hold. */
const LEAST_SHARE = 0.5;
const TRIES = 20;

/**
 * The view of a picture that training takes when it is drawn as number `drawn` of the run: a pure function of its
 * arguments. `boxes.size` is that of the picture whose pixels the plan's window counts; where that was made smaller before,
 * `original` is the size that it had, from which the size of the whole view follows.
 *
 * `detr` is the transform of facebookresearch/detr @29901c5, `datasets/coco.py`: mirrored half of the time; half of the
 * time resized to one of eleven scales, else resized to a middling one, cropped, and resized to one of the eleven; all in
 * proportion to the run's own size. It deviates in three points. The crop is cut out of the picture itself and resized once,
 * not twice. It stays landscape or portrait as the picture is, for the batch that the picture is in. It holds half of a box
 * at least where there are any; where none is found in twenty tries, the picture stays whole.
 */
export function trainingView(
  augment: Augment,
  seed: number,
  drawn: number,
  boxes: BoxesOnPicture,
  edges: Edges,
  original: Size = boxes.size,
): ViewPlan {
  const flip = augment !== 'none' && flipOf(seed, drawn);
  if (augment !== 'detr') return { ...wholeView(resizedSize(original, edges)), flip };
  const random = seededRandom(hash32(seed, SeedUse.view, drawn));
  const shortestEdge = Math.round(edges.shortestEdge * oneOf(random, SCALES));
  const crop = random.uniform() < 0.5 ? null : boxKeepingCrop(random, boxes, edges.shortestEdge);
  return { crop, size: resizedSize(crop ?? original, { ...edges, shortestEdge }), colour: null, flip };
}

function boxKeepingCrop(random: Random, boxes: BoxesOnPicture, fullEdge: number): CropWindow | null {
  const { size } = boxes;
  const shortestEdge = Math.round(fullEdge * oneOf(random, MIDDLE_SCALES));
  const middle = resizedSize(size, { shortestEdge, longestEdge: Number.POSITIVE_INFINITY });
  const side = (most: number): number => {
    const least = Math.min(most, Math.round(fullEdge * LEAST_SIDE));
    return least + random.below(Math.min(most, Math.round(fullEdge * MOST_SIDE)) - least + 1);
  };
  for (let n = 0; n < TRIES; n += 1) {
    const [w, h] = [side(middle.w), side(middle.h)];
    const [top, left] = [random.below(middle.h - h + 1), random.below(middle.w - w + 1)];
    const crop = onPicture({ top, left, h, w }, middle.h / size.h, middle.w / size.w);
    if (shapeOf(crop) !== shapeOf(size)) continue;
    const shares = insideShares(boxes.boxesXyxyPx, crop);
    if (shares.length === 0 || shares.some((share) => share >= LEAST_SHARE)) return crop;
  }
  return null;
}

/** A window on a picture resized by these factors, on the picture itself. */
function onPicture({ top, left, h, w }: CropWindow, fh: number, fw: number): CropWindow {
  const [y0, x0] = [Math.floor(top / fh), Math.floor(left / fw)];
  const [y1, x1] = [Math.floor((top + h) / fh), Math.floor((left + w) / fw)];
  return { top: y0, left: x0, h: Math.max(1, y1 - y0), w: Math.max(1, x1 - x0) };
}

function oneOf(random: Random, values: readonly number[]): number {
  return values[random.below(values.length)] as number;
}
