import sharp from 'sharp';
import { labelText, strokesFor } from '../../src/base/box-strokes.ts';
import { StudioError } from '../../src/base/errors.ts';
import type { RgbImage } from '../../src/data/types.ts';
import type { DetectedBox } from '../../src/predict/types.ts';
import { boxesSvg } from './boxes-svg.ts';
import { labelWidths } from './label-text.ts';

/** What a drawn picture is written as. */
export type DrawnFormat = 'jpg' | 'png';

/**
 * The bytes of a picture with boxes and labels drawn over it, at its own size. `detections` are best first. Throws
 * `bad-image` where the picture is too large for an SVG.
 */
export async function drawBoxes(
  { size, data }: RgbImage,
  detections: readonly DetectedBox[],
  format: DrawnFormat,
): Promise<Uint8Array> {
  const strokes = strokesFor(size);
  try {
    const boxes = detections.map((detection) => ({ ...detection, text: labelText(detection) }));
    const widths = await labelWidths(
      boxes.map(({ text }) => text),
      strokes.fontPx,
    );
    const svg = boxesSvg(boxes, size, widths, strokes);
    const picture = sharp(data, { raw: { width: size.w, height: size.h, channels: 3 } }).composite([
      { input: Buffer.from(svg) },
    ]);
    const written = format === 'jpg' ? picture.jpeg({ quality: 92, chromaSubsampling: '4:4:4' }) : picture.png();
    return await written.toBuffer();
  } catch (cause) {
    const why = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';
    const message = `Its boxes could not be drawn (${why}); expected a picture that can be drawn on. Scale it down.`;
    throw new StudioError('bad-image', message, {}, { cause });
  }
}
