import { memo, type ReactNode } from 'react';
import type { BoxXyxy } from '../../base/boxes.ts';
import './overlay.css';

/** What a box is: found or labelled (solid), what is there beside what was found (light dashes), proposed by weights (coloured dashes). */
export type BoxLook = 'found' | 'truth' | 'proposed';

export interface DrawnBoxProps {
  /** In the units of the drawing around it. Several of one look cost no more than one. */
  readonly boxes: readonly BoxXyxy[];
  /** Of its class, `#rrggbb`; `truth` has none. */
  readonly colour?: string;
  readonly look: BoxLook;
  /** Drawn stronger, over the others. */
  readonly strong?: boolean;
  readonly faded?: boolean;
}

export interface ThinBoxesProps {
  /** In the units of the drawing around them. */
  readonly boxes: readonly ColouredBox[];
}

/** A box with the colour of its class, `#rrggbb`. */
export interface ColouredBox {
  readonly colour: string;
  readonly boxXyxyPx: BoxXyxy;
}

/**
 * Boxes as they are drawn everywhere in the studio: a dark line under a line in the colour of their class, so that they can be
 * seen on any picture. Lines keep their thickness at any scale of the drawing.
 */
export const DrawnBox = memo(function DrawnBox(props: DrawnBoxProps): ReactNode {
  const { boxes, colour = '#fff', look, strong = false, faded = false } = props;
  const line = {
    d: outline(boxes),
    fill: 'none',
    strokeLinejoin: 'round',
    vectorEffect: 'non-scaling-stroke',
  } as const;
  if (look === 'truth') {
    return (
      <g opacity={faded ? 0.25 : 1}>
        <path {...line} stroke="#000" strokeOpacity={0.45} strokeWidth={1.5} />
        <path {...line} stroke="#fff" strokeWidth={1.5} strokeDasharray="4 3" />
      </g>
    );
  }
  const width = strong ? 3.5 : 2.2;
  return (
    <g opacity={faded ? 0.25 : 1}>
      <path {...line} stroke="#000" strokeOpacity={0.35} strokeWidth={width + 1.4} />
      {look === 'proposed' && <path {...line} stroke="#fff" strokeWidth={width} />}
      <path
        {...line}
        fill={strong ? colour : 'none'}
        fillOpacity={0.18}
        stroke={colour}
        strokeWidth={width}
        {...(look === 'proposed' ? { strokeDasharray: '6 5' } : {})}
      />
    </g>
  );
});

/**
 * Boxes that were found or labelled, on a small picture: thinner, and as few elements as can be, since a screen has hundreds of boxes. One
 * dark line under all of them, and a line a class, in an order that does not change from picture to picture.
 */
export function ThinBoxes({ boxes }: ThinBoxesProps): ReactNode {
  if (boxes.length === 0) return null;
  const byColour = new Map<string, string>();
  for (const { colour, boxXyxyPx } of boxes) {
    byColour.set(colour, (byColour.get(colour) ?? '') + outline([boxXyxyPx]));
  }
  const lines = [...byColour].sort(([a], [b]) => (a < b ? -1 : 1));
  return (
    <g className="thin-boxes">
      <path d={lines.map(([, d]) => d).join('')} />
      {lines.map(([colour, d]) => (
        <path key={colour} d={d} stroke={colour} />
      ))}
    </g>
  );
}

function outline(boxes: readonly BoxXyxy[]): string {
  return boxes.map(([x0, y0, x1, y1]) => `M${x0} ${y0}H${x1}V${y1}H${x0}Z`).join('');
}
