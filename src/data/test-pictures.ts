import type { Size } from '../base/boxes.ts';
import { hash32 } from '../base/hash.ts';
import type { LabelledBoxes } from './transforms.ts';
import type { RgbImage } from './types.ts';

/** Boxes of class 0 on a picture. */
export function testLabels(size: Size, boxes: readonly (readonly number[])[]): LabelledBoxes {
  return {
    size,
    boxesXyxyPx: Float32Array.from(boxes.flat()),
    classIds: new Int32Array(boxes.length),
    areas: new Float32Array(boxes.length),
  };
}

/** A picture of noise, the same for the same seed. */
export function noisePicture(size: Size, seed = 1): RgbImage {
  return { size, data: Uint8Array.from({ length: size.h * size.w * 3 }, (_, i) => hash32(seed, i) & 255) };
}

/** Black, with each of these boxes filled white. */
export function whiteBoxes(size: Size, boxes: readonly (readonly [number, number, number, number])[]): RgbImage {
  const data = new Uint8Array(size.h * size.w * 3);
  for (const [x0, y0, x1, y1] of boxes) {
    for (let y = y0; y < y1; y += 1) data.fill(255, (y * size.w + x0) * 3, (y * size.w + x1) * 3);
  }
  return { size, data };
}
