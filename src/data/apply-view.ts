import { changeColour } from './change-colour.ts';
import { type NormaliseTable, writeNormalised } from './normalise.ts';
import { resizeBilinear } from './resize.ts';
import { cropBoxes, flipBoxes, type LabelledBoxes, toTarget } from './transforms.ts';
import type { RgbImage, Target } from './types.ts';
import type { CropWindow, ViewPlan } from './view-plan.ts';
import { type PixelPlace, writeResized } from './write-resized.ts';

/** A picture as a plan shows it, with its boxes. */
export interface View {
  readonly image: RgbImage;
  readonly target: Target;
}

/** A picture and its boxes, both of the size that the plan was made for, as the plan shows them. */
export function applyView(image: RgbImage, labels: LabelledBoxes, plan: ViewPlan): View {
  return { image: applyPixels(image, plan), target: viewTarget(labels, plan) };
}

/** The pixels of it. */
export function applyPixels(image: RgbImage, plan: ViewPlan): RgbImage {
  const shown = viewBeforeFlip(image, plan);
  return plan.flip ? mirrored(shown) : shown;
}

/** The pixels of a view but for the mirroring, which costs nothing where they are copied once more. */
export function viewBeforeFlip(image: RgbImage, { crop, size, colour }: ViewPlan): RgbImage {
  const resized = resizeBilinear(crop === null ? image : cutOut(image, crop), size);
  return colour === null ? resized : changeColour(resized, colour);
}

/** Writes the pixels of a view, normalised, as `writeNormalised` would write them, to the last bit. */
export function writeView(image: RgbImage, plan: ViewPlan, table: NormaliseTable, place: PixelPlace): void {
  const { crop, size, colour, flip } = plan;
  if (colour === null) writeResized(crop === null ? image : cutOut(image, crop), size, table, place, flip);
  else writeNormalised(viewBeforeFlip(image, plan), table, place.pixels, place.offset, place.padded, flip);
}

/** What the model learns from a view, without its pixels: boxes are cut at the crop's border, those outside are left out. */
export function viewTarget(labels: LabelledBoxes, { crop, flip }: ViewPlan): Target {
  const cropped = crop === null ? labels : cropBoxes(labels, crop.top, crop.left, { h: crop.h, w: crop.w });
  return toTarget(flip ? flipBoxes(cropped) : cropped);
}

function cutOut({ size, data }: RgbImage, { top, left, h, w }: CropWindow): RgbImage {
  const out = new Uint8Array(h * w * 3);
  for (let y = 0; y < h; y += 1) {
    const from = ((top + y) * size.w + left) * 3;
    out.set(data.subarray(from, from + w * 3), y * w * 3);
  }
  return { size: { h, w }, data: out };
}

function mirrored({ size, data }: RgbImage): RgbImage {
  const { h, w } = size;
  const out = new Uint8Array(data.length);
  for (let y = 0; y < h; y += 1) {
    for (let x = 0; x < w; x += 1) {
      const from = (y * w + x) * 3;
      out.set(data.subarray(from, from + 3), (y * w + w - 1 - x) * 3);
    }
  }
  return { size, data: out };
}
