import { labelText, strokesFor } from '../../base/box-strokes.ts';
import type { BoxXyxy, Size } from '../../base/boxes.ts';
import { inkOn } from '../../base/class-colours.ts';
import { StudioError } from '../../base/errors.ts';
import { placeLabels } from '../../base/place-labels.ts';
import type { DetectedBox } from '../../rpc/protocol.ts';
import type { ClassColour } from '../class-colour.ts';

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

/**
 * A PNG of the picture at its own size with boxes and labels over it, best first and on top, in the page's colours.
 * Throws `bad-image` where the browser cannot draw one of this size.
 */
export async function drawnPicture(
  picture: Blob,
  detections: readonly DetectedBox[],
  colourOf: ClassColour,
): Promise<Blob> {
  const bitmap = await createImageBitmap(picture).catch((cause: unknown) => {
    throw new StudioError('bad-image', 'The browser cannot decode this picture; it is damaged.', {}, { cause });
  });
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (context === null) throw tooLarge({ h: height, w: width });
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  drawBoxes(context, detections, { h: height, w: width }, colourOf);
  return canvas.convertToBlob({ type: 'image/png' }).catch(() => {
    throw tooLarge({ h: height, w: width });
  });
}

function drawBoxes(
  context: OffscreenCanvasRenderingContext2D,
  detections: readonly DetectedBox[],
  size: Size,
  colourOf: ClassColour,
): void {
  const { linePx, fontPx } = strokesFor(size);
  context.font = `bold ${fontPx}px ${FONT}`;
  context.textBaseline = 'middle';
  const padding = Math.ceil(fontPx * 0.3);
  const boxes = detections.map((detection) => {
    const text = labelText(detection);
    const width = Math.min(context.measureText(text).width, size.w - 2 * padding);
    const plate = { h: Math.ceil(fontPx * 1.4), w: Math.ceil(width + 2 * padding) };
    const boxXyxy = clipped(detection.boxXyxyPx, size, linePx / 2);
    return { text, width, plate, boxXyxy, colour: colourOf(detection.label, detection.labelId) };
  });
  for (const { boxXyxy, colour } of boxes.toReversed()) {
    const [x0, y0, x1, y1] = boxXyxy;
    // A dark line under the coloured one, so that it can be seen on any picture.
    context.strokeStyle = '#00000059';
    context.lineWidth = linePx * 1.6;
    context.strokeRect(x0, y0, x1 - x0, y1 - y0);
    context.strokeStyle = colour;
    context.lineWidth = linePx;
    context.strokeRect(x0, y0, x1 - x0, y1 - y0);
  }
  const places = placeLabels(
    boxes.map(({ boxXyxy, plate }) => ({ boxXyxy, size: plate })),
    size,
  );
  for (const [index, { text, width, plate, colour }] of boxes.entries()) {
    const place = places[index];
    // A label that finds no free place would cover another: its box says the class by its colour.
    if (!place) continue;
    context.fillStyle = colour;
    context.beginPath();
    context.roundRect(place.x, place.y, plate.w, plate.h, linePx);
    context.fill();
    context.fillStyle = inkOn(colour);
    context.fillText(text, place.x + padding, place.y + plate.h / 2, Math.max(width, 1));
  }
}

function clipped([x0, y0, x1, y1]: BoxXyxy, { h, w }: Size, inset: number): BoxXyxy {
  const within = (value: number, most: number): number =>
    Math.min(Math.max(value, inset), Math.max(inset, most - inset));
  return [within(x0, w), within(y0, h), within(x1, w), within(y1, h)];
}

function tooLarge({ h, w }: Size): StudioError {
  const message = `The browser cannot draw a picture of ${w} x ${h} pixels. The boxes can be had as JSON or VOC XML.`;
  return new StudioError('bad-image', message);
}
