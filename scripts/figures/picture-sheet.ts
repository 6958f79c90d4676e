import { strokesFor } from '../../src/base/box-strokes.ts';
import type { BoxXyxy, Size } from '../../src/base/boxes.ts';
import { CLASS_COLOURS, classColour } from '../../src/base/class-colours.ts';
import { escapeXml } from '../../src/base/escape-xml.ts';
import { boxesSvg, type LabelledBox } from '../drawing/boxes-svg.ts';
import { labelWidths } from '../drawing/label-text.ts';
import { COLOURS, FIGURE_FONT, type Figure } from './figure.ts';
import { CELL, scaleOf, type Thumbnail } from './thumbnail.ts';

/** One picture of a sheet. */
export interface SheetPicture {
  readonly image: Thumbnail;
  /** Below the picture. */
  readonly caption: string;
  /** In pixels of the picture, best first. */
  readonly boxes: readonly LabelledBox[];
}

export interface Sheet extends Omit<Figure, 'svg'> {
  readonly note: string;
  /** Row by row. */
  readonly pictures: readonly SheetPicture[];
  /** By label id: those that occur are named above the pictures. */
  readonly classes: readonly string[];
}

export const SHEET_COLUMNS = 4;
const GAP = 12;
const MARGIN = 20;
const CAPTION = 22;
const ROW = CELL.h + CAPTION + GAP;
const WIDTH = 2 * MARGIN + SHEET_COLUMNS * (CELL.w + GAP) - GAP;
const LEGEND_ROW = 20;
const LEGEND_FONT = 12;
const LONGEST_CAPTION = 38;
/** The labels of more boxes would hide the picture: then the colours tell the classes, as long as there is one for each. */
const MOST_LABELS = 8;

/** Pictures with their boxes in rows, as one SVG that holds them: a JPEG each. */
export async function pictureSheet({ name, title, sentence, note, pictures, classes }: Sheet): Promise<Figure> {
  const present = new Set(pictures.flatMap(({ boxes }) => boxes.map(({ labelId }) => labelId)));
  const legend = await legendOf([...present].sort((a, b) => a - b).map((id) => ({ id, name: classes[id] ?? '' })));
  const top = MARGIN + 56 + legend.rows * LEGEND_ROW + 8;
  const height = top + Math.ceil(pictures.length / SHEET_COLUMNS) * ROW + MARGIN - GAP;
  const cells = await Promise.all(
    pictures.map((picture, place) =>
      cellSvg(picture, classes.length, {
        x: MARGIN + (place % SHEET_COLUMNS) * (CELL.w + GAP),
        y: top + Math.floor(place / SHEET_COLUMNS) * ROW,
      }),
    ),
  );
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" font-family="${escapeXml(FIGURE_FONT)}" font-size="13">`,
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(sentence)}</desc>`,
    `<rect width="${WIDTH}" height="${height}" fill="${COLOURS['--d-panel']}"/>`,
    `<text x="${MARGIN}" y="${MARGIN + 18}" font-size="18" font-weight="600" fill="${COLOURS['--d-text']}">${escapeXml(title)}</text>`,
    `<text x="${MARGIN}" y="${MARGIN + 40}" fill="${COLOURS['--d-muted']}">${escapeXml(note)}</text>`,
    ...legend.entries.map(({ id, text, x, row }) => {
      const y = MARGIN + 62 + row * LEGEND_ROW;
      return `<rect x="${x}" y="${y}" width="12" height="12" rx="2" fill="${classColour(id)}"/><text x="${x + 18}" y="${y + 10.5}" font-size="${LEGEND_FONT}" fill="${COLOURS['--d-muted']}">${escapeXml(text)}</text>`;
    }),
    ...cells,
    '</svg>',
  ];
  return { name, title, sentence, svg: `${svg.join('\n')}\n` };
}

async function cellSvg(
  { image, caption, boxes }: SheetPicture,
  classCount: number,
  at: { readonly x: number; readonly y: number },
): Promise<string> {
  const scale = scaleOf(image.size);
  const size: Size = { h: Math.max(1, image.size.h * scale), w: Math.max(1, image.size.w * scale) };
  const strokes = strokesFor(CELL);
  const labels = boxes.length <= MOST_LABELS || classCount > CLASS_COLOURS.length ? 'where-free' : 'none';
  const scaled = boxes.map((box) => ({ ...box, boxXyxyPx: times(box.boxXyxyPx, scale) }));
  const widths = await labelWidths(
    boxes.map(({ text }) => text),
    strokes.fontPx,
  );
  // What the picture leaves free of its cell stays grey, so that rows line up.
  const x = at.x + (CELL.w - size.w) / 2;
  const y = at.y + (CELL.h - size.h) / 2;
  const short = caption.length > LONGEST_CAPTION ? `${caption.slice(0, LONGEST_CAPTION - 1)}…` : caption;
  return [
    `<rect x="${at.x}" y="${at.y}" width="${CELL.w}" height="${CELL.h}" fill="${COLOURS['--d-soft']}"/>`,
    `<image x="${round(x)}" y="${round(y)}" width="${round(size.w)}" height="${round(size.h)}" preserveAspectRatio="none" href="data:image/jpeg;base64,${image.jpeg.toString('base64')}"/>`,
    `<g transform="translate(${round(x)} ${round(y)})">${boxesSvg(scaled, size, widths, strokes, labels)}</g>`,
    `<text x="${at.x}" y="${at.y + CELL.h + 15}" font-size="11" fill="${COLOURS['--d-muted']}">${escapeXml(short)}</text>`,
  ].join('\n');
}

/** From left to right, a new row where the next name does not fit. */
async function legendOf(classes: readonly { readonly id: number; readonly name: string }[]) {
  const widths = await labelWidths(
    classes.map(({ name }) => name),
    LEGEND_FONT,
  );
  let x = MARGIN;
  let row = 0;
  const entries = classes.map(({ id, name }, at) => {
    const width = 18 + (widths[at] ?? 0) + 18;
    if (x > MARGIN && x + width > WIDTH - MARGIN) {
      x = MARGIN;
      row += 1;
    }
    const entry = { id, text: name, x: round(x), row };
    x += width;
    return entry;
  });
  return { entries, rows: entries.length === 0 ? 0 : row + 1 };
}

function times([x0, y0, x1, y1]: BoxXyxy, scale: number): BoxXyxy {
  return [x0 * scale, y0 * scale, x1 * scale, y1 * scale];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
