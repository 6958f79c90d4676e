import { hash32, hashText } from '../base/hash.ts';
import { type Random, seededRandom } from '../base/random.ts';
import { insideShares } from './inside-shares.ts';
import { resizedSize } from './resized-size.ts';
import { SeedUse } from './sampler.ts';
import type { BoxesOnPicture } from './training-view.ts';
import type { PreprocessorConfig } from './types.ts';
import { type ColourChange, type CropWindow, type ViewPlan, wholeView } from './view-plan.ts';

/** Sides of a crop, as shares of the picture's. */
const LEAST_SIDE = 0.5;
const MOST_SIDE = 0.95;
/** A box that a crop must cut keeps this share of its area. */
const LEAST_SHARE = 0.75;
const TRIES = 64;
/** Colour factors lie so far about 1. */
const BRIGHTNESS = 0.2;
const CONTRAST = 0.2;
const SATURATION = 0.3;

/**
 * View number `view` of the few views of a picture whose features are kept: a pure function of its arguments. View 0 is the
 * picture as it is, view 1 its mirror image; each further one is a box-safe crop of the picture's own aspect ratio, mirrored
 * or not, its colours changed mildly. All have the size to which the whole picture is resized, and so one padded size.
 *
 * Box-safe: every box lies in the crop or out of it, at least one in it. Where no such crop is found, the one that cuts
 * boxes least is taken if it leaves three quarters of each that it cuts; else the picture stays whole.
 */
export function frozenView(
  seed: number,
  sampleKey: string,
  view: number,
  boxes: BoxesOnPicture,
  edges: Pick<PreprocessorConfig, 'shortestEdge' | 'longestEdge'>,
): ViewPlan {
  const size = resizedSize(boxes.size, edges);
  if (view < 2) return { ...wholeView(size), flip: view === 1 };
  const random = seededRandom(hash32(seed, SeedUse.frozenView, hashText(sampleKey), view));
  const flip = random.uniform() < 0.5;
  const colour = mildChange(random);
  return { crop: boxSafeCrop(random, boxes), size, colour, flip };
}

function boxSafeCrop(random: Random, { size, boxesXyxyPx }: BoxesOnPicture): CropWindow | null {
  let best: CropWindow | null = null;
  let bestShare = LEAST_SHARE;
  for (let n = 0; n < TRIES; n += 1) {
    const side = LEAST_SIDE + (MOST_SIDE - LEAST_SIDE) * random.uniform();
    const h = Math.max(1, Math.round(size.h * side));
    const w = Math.max(1, Math.round(size.w * side));
    const crop = { top: random.below(size.h - h + 1), left: random.below(size.w - w + 1), h, w };
    const shares = insideShares(boxesXyxyPx, crop);
    const held = shares.filter((share) => share > 0);
    if (shares.length > 0 && held.length === 0) continue;
    const least = Math.min(1, ...held);
    if (least === 1) return crop;
    if (least < bestShare) continue;
    best = crop;
    bestShare = least;
  }
  return best;
}

function mildChange(random: Random): ColourChange {
  const factor = (most: number): number => 1 + most * (2 * random.uniform() - 1);
  return { brightness: factor(BRIGHTNESS), contrast: factor(CONTRAST), saturation: factor(SATURATION) };
}
