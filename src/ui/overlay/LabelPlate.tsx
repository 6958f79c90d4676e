import { memo, type ReactNode } from 'react';
import type { BoxXyxy, Size } from '../../base/boxes.ts';
import { inkOn } from '../../base/class-colours.ts';
import { placeLabels } from '../../base/place-labels.ts';

/** A box with the words that stand beside it. */
export interface LabelledBox {
  /** Empty for none. */
  readonly text: string;
  /** Pixels of the picture. */
  readonly boxXyxyPx: BoxXyxy;
}

/** A box in CSS pixels, and where its label stands; null for a label that finds no place. */
export interface LaidOut<Box extends LabelledBox> {
  readonly box: Box;
  readonly boxXyxy: BoxXyxy;
  readonly label: { readonly x: number; readonly y: number; readonly size: Size } | null;
}

/** Boxes in CSS pixels, clipped to the picture, and the places of their labels, of which none covers another. */
export function layOut<Box extends LabelledBox>(
  boxes: readonly Box[],
  scale: number,
  frame: Size,
  fontPx: number,
): LaidOut<Box>[] {
  const scaled = boxes.map((box) => {
    const [x0, y0, x1, y1] = box.boxXyxyPx;
    const clip = (value: number, most: number): number => Math.min(Math.max(value * scale, 1), most - 1);
    const boxXyxy: BoxXyxy = [clip(x0, frame.w), clip(y0, frame.h), clip(x1, frame.w), clip(y1, frame.h)];
    return { box, boxXyxy, size: plateSize(box.text, fontPx) };
  });
  const labelled = scaled.filter(({ box }) => box.text !== '');
  const places = placeLabels(labelled, frame);
  return scaled.map((entry) => {
    const place = places[labelled.indexOf(entry)] ?? null;
    return { ...entry, label: place === null ? null : { ...place, size: entry.size } };
  });
}

/** Of a label's plate, in CSS pixels. */
export function plateSize(text: string, fontPx: number): Size {
  return { h: fontPx + 6, w: textWidth(text, fontPx) + 8 };
}

export interface LabelPlateProps {
  readonly text: string;
  /** Of its class, `#rrggbb`. */
  readonly colour: string;
  readonly fontPx: number;
  readonly x: number;
  readonly y: number;
  readonly size: Size;
  readonly hidden?: boolean;
}

/** A label's text on a plate in the colour of its class. */
export const LabelPlate = memo(function LabelPlate(props: LabelPlateProps): ReactNode {
  const { text, colour, fontPx, x, y, size, hidden = false } = props;
  return (
    <g transform={`translate(${x} ${y})`} opacity={hidden ? 0 : 1} pointerEvents="none">
      <rect width={size.w} height={size.h} rx={2} fill={colour} />
      <text x={4} y={size.h - 4} fontSize={fontPx} fill={inkOn(colour)}>
        {text}
      </text>
    </g>
  );
});

let measuring: CanvasRenderingContext2D | null = null;

function textWidth(text: string, fontPx: number): number {
  measuring ??= document.createElement('canvas').getContext('2d');
  if (measuring === null) return text.length * fontPx * 0.6;
  measuring.font = `600 ${fontPx}px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif`;
  return measuring.measureText(text).width;
}
