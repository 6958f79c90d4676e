import type { Strokes } from '../../src/base/box-strokes.ts';
import type { BoxXyxy, Size } from '../../src/base/boxes.ts';
import { classColour, inkOn } from '../../src/base/class-colours.ts';
import { escapeXml } from '../../src/base/escape-xml.ts';
import { placeLabels } from '../../src/base/place-labels.ts';
import { LABEL_FONT } from './label-text.ts';

/** A box with what is to be read on it. */
export interface LabelledBox {
  readonly text: string;
  readonly labelId: number;
  readonly boxXyxyPx: BoxXyxy;
}

/**
 * Boxes and labels over a picture of `size` as SVG, in the page's colours and with its rules for placing. `boxes` are
 * best first, and the best lies on top; `textWidths` are their labels' in pixels. A label that finds no free place is drawn
 * at its box's corner, under the others; or it is left out with `labels` "where-free", as all are with "none": then the
 * box says its class by its colour.
 */
export function boxesSvg(
  boxes: readonly LabelledBox[],
  size: Size,
  textWidths: readonly number[],
  { linePx, fontPx }: Strokes,
  labels: 'all' | 'where-free' | 'none' = 'all',
): string {
  const inset = linePx / 2;
  const drawn = boxes.map(({ text, labelId, boxXyxyPx }, index) => {
    const boxXyxy = clipped(boxXyxyPx, size, inset);
    const room = size.w - 2 * padding(fontPx);
    const width = textWidths[index] ?? 0;
    const font = width > room ? (fontPx * room) / width : fontPx;
    const plate = { h: Math.ceil(font * 1.4), w: Math.ceil(Math.min(width, room) + 2 * padding(fontPx)) };
    return { label: text, boxXyxy, plate, font, colour: classColour(labelId) };
  });
  const places = placeLabels(
    drawn.map(({ boxXyxy, plate }) => ({ boxXyxy, size: plate })),
    size,
  );
  const outlines = drawn.map(({ boxXyxy: [x0, y0, x1, y1], colour }) => {
    const rect = `x="${px(x0)}" y="${px(y0)}" width="${px(x1 - x0)}" height="${px(y1 - y0)}" fill="none"`;
    // A dark line under the coloured one, so that it can be seen on any picture.
    return `<rect ${rect} stroke="#000" stroke-opacity="0.35" stroke-width="${px(linePx * 1.6)}"/><rect ${rect} stroke="${colour}" stroke-width="${px(linePx)}"/>`;
  });
  const plates = drawn.map(({ label, boxXyxy, plate, font, colour }, index) => {
    const { x, y } = places[index] ?? cornerOf(boxXyxy, plate, size);
    const at = `x="${px(x)}" y="${px(y)}" width="${plate.w}" height="${plate.h}" rx="${px(linePx)}"`;
    const text = `x="${px(x + padding(fontPx))}" y="${px(y + font * 1.05)}" font-size="${px(font)}"`;
    const markup = `<rect ${at} fill="${colour}"/><text ${text} fill="${inkOn(colour)}">${escapeXml(label)}</text>`;
    return { markup, free: places[index] !== null };
  });
  const underOthers = labels === 'all' ? plates.filter(({ free }) => !free).toReversed() : [];
  const onTop = labels === 'none' ? [] : plates.filter(({ free }) => free);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.w}" height="${size.h}" font-family="${LABEL_FONT}" font-weight="bold">`,
    ...outlines.toReversed(),
    ...[...underOthers, ...onTop].map(({ markup }) => markup),
    '</svg>',
  ].join('\n');
}

function padding(fontPx: number): number {
  return Math.ceil(fontPx * 0.3);
}

function clipped([x0, y0, x1, y1]: BoxXyxy, { h, w }: Size, inset: number): BoxXyxy {
  const within = (value: number, most: number) => Math.min(Math.max(value, inset), Math.max(inset, most - inset));
  return [within(x0, w), within(y0, h), within(x1, w), within(y1, h)];
}

function cornerOf([x0, y0]: BoxXyxy, plate: Size, size: Size): { x: number; y: number } {
  return { x: Math.max(0, Math.min(x0, size.w - plate.w)), y: Math.max(0, Math.min(y0, size.h - plate.h)) };
}

function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}
