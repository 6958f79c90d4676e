import { type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { BoxXyxy, Size } from '../../base/boxes.ts';
import { classColour, inkOn } from '../../base/class-colours.ts';
import { placeLabels } from '../../base/place-labels.ts';
import './overlay.css';

export interface OverlayBox {
  readonly key: string;
  readonly labelId: number;
  /** Drawn on a plate beside the box; empty for none. */
  readonly text: string;
  /** Pixels of the picture. */
  readonly boxXyxyPx: BoxXyxy;
  readonly style: 'found' | 'truth';
}

export interface BoxOverlayProps {
  readonly url: string;
  /** What the picture is, for screen readers. */
  readonly description: string;
  /** Of the picture as displayed. */
  readonly size: Size;
  readonly boxes: readonly OverlayBox[];
  /** The box that stands out, the others step back. */
  readonly highlightedKey?: string | null;
  readonly onHighlight?: (key: string | null) => void;
  /** Of the labels, in CSS pixels. */
  readonly fontPx: number;
}

/** A picture with boxes and labels over it, drawn in CSS pixels so that text and lines keep their size at any scale. */
export function BoxOverlay(props: BoxOverlayProps): ReactNode {
  const { url, description, size, boxes, highlightedKey = null, onHighlight, fontPx } = props;
  const frame = useRef<HTMLDivElement>(null);
  const [widthPx, setWidthPx] = useState(0);

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    setWidthPx(element.clientWidth);
    const watcher = new ResizeObserver(() => setWidthPx(element.clientWidth));
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);

  const scale = widthPx / size.w;
  const shown = useMemo<Size>(() => ({ h: size.h * scale, w: size.w * scale }), [size, scale]);
  const drawn = useMemo(() => layOut(boxes, scale, shown, fontPx), [boxes, scale, shown, fontPx]);

  return (
    <div className="overlay" ref={frame} style={{ aspectRatio: `${size.w} / ${size.h}` }}>
      <img src={url} alt={description} />
      {widthPx > 0 && (
        <svg viewBox={`0 0 ${shown.w} ${shown.h}`} aria-hidden="true">
          {drawn.map(({ box, rect }) => (
            <DrawnBox
              key={box.key}
              box={box}
              rect={rect}
              faded={highlightedKey !== null && highlightedKey !== box.key}
              strong={highlightedKey === box.key}
              onHighlight={onHighlight}
            />
          ))}
          {drawn.map(({ box, label }) =>
            label === null ? null : (
              <g
                key={box.key}
                transform={`translate(${label.x} ${label.y})`}
                opacity={highlightedKey !== null && highlightedKey !== box.key ? 0 : 1}
                pointerEvents="none"
              >
                <rect width={label.size.w} height={label.size.h} rx={2} fill={classColour(box.labelId)} />
                <text x={4} y={label.size.h - 4} fontSize={fontPx} fill={inkOn(classColour(box.labelId))}>
                  {box.text}
                </text>
              </g>
            ),
          )}
        </svg>
      )}
    </div>
  );
}

interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

interface DrawnBoxProps {
  readonly box: OverlayBox;
  readonly rect: Rect;
  readonly faded: boolean;
  readonly strong: boolean;
  readonly onHighlight: ((key: string | null) => void) | undefined;
}

function DrawnBox({ box, rect, faded, strong, onHighlight }: DrawnBoxProps): ReactNode {
  const place = { x: rect.x, y: rect.y, width: rect.w, height: rect.h, rx: 2, fill: 'none' };
  if (box.style === 'truth') {
    // Light dashes on a dark line can be seen on any picture.
    return (
      <g>
        <rect {...place} stroke="#000" strokeOpacity={0.45} strokeWidth={1.5} />
        <rect {...place} stroke="#fff" strokeWidth={1.5} strokeDasharray="4 3" />
      </g>
    );
  }
  const events =
    onHighlight === undefined
      ? { pointerEvents: 'none' as const }
      : {
          pointerEvents: 'all' as const,
          onPointerEnter: () => onHighlight(box.key),
          onPointerLeave: () => onHighlight(null),
        };
  return (
    <g opacity={faded ? 0.25 : 1} {...events}>
      <rect {...place} stroke="#000" strokeOpacity={0.35} strokeWidth={strong ? 5 : 3.5} />
      <rect
        {...place}
        fill={classColour(box.labelId)}
        fillOpacity={strong ? 0.18 : 0}
        stroke={classColour(box.labelId)}
        strokeWidth={strong ? 3.5 : 2.2}
      />
    </g>
  );
}

interface Drawn {
  readonly box: OverlayBox;
  readonly rect: Rect;
  readonly label: { readonly x: number; readonly y: number; readonly size: Size } | null;
}

/** Boxes in CSS pixels, clipped to the picture, and the places of their labels. */
function layOut(boxes: readonly OverlayBox[], scale: number, frame: Size, fontPx: number): Drawn[] {
  const scaled = boxes.map((box) => {
    const [x0, y0, x1, y1] = box.boxXyxyPx;
    const clip = (value: number, most: number): number => Math.min(Math.max(value * scale, 1), most - 1);
    const boxXyxy: BoxXyxy = [clip(x0, frame.w), clip(y0, frame.h), clip(x1, frame.w), clip(y1, frame.h)];
    return { box, boxXyxy, size: { h: fontPx + 6, w: textWidth(box.text, fontPx) + 8 } };
  });
  const labelled = scaled.filter(({ box }) => box.text !== '');
  const places = placeLabels(labelled, frame);
  return scaled.map((entry) => {
    const [x0, y0, x1, y1] = entry.boxXyxy;
    const place = places[labelled.indexOf(entry)] ?? null;
    return {
      box: entry.box,
      rect: { x: x0, y: y0, w: Math.max(0, x1 - x0), h: Math.max(0, y1 - y0) },
      label: place === null ? null : { ...place, size: entry.size },
    };
  });
}

let measuring: CanvasRenderingContext2D | null = null;

function textWidth(text: string, fontPx: number): number {
  measuring ??= document.createElement('canvas').getContext('2d');
  if (measuring === null) return text.length * fontPx * 0.6;
  measuring.font = `600 ${fontPx}px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif`;
  return measuring.measureText(text).width;
}
