import { type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { BoxXyxy, Size } from '../../base/boxes.ts';
import { type BoxLook, DrawnBox } from './DrawnBox.tsx';
import { LabelPlate, layOut } from './LabelPlate.tsx';
import './overlay.css';

export interface OverlayBox {
  readonly key: string;
  /** Of its class, `#rrggbb`. */
  readonly colour: string;
  /** Drawn on a plate beside the box; empty for none. */
  readonly text: string;
  /** Pixels of the picture. */
  readonly boxXyxyPx: BoxXyxy;
  readonly style: BoxLook;
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
          {drawn.map(({ box, boxXyxy }) => (
            <g
              key={box.key}
              {...(onHighlight === undefined || box.style === 'truth'
                ? { pointerEvents: 'none' }
                : {
                    pointerEvents: 'all',
                    onPointerEnter: () => onHighlight(box.key),
                    onPointerLeave: () => onHighlight(null),
                  })}
            >
              <DrawnBox
                boxes={[boxXyxy]}
                colour={box.colour}
                look={box.style}
                faded={box.style !== 'truth' && highlightedKey !== null && highlightedKey !== box.key}
                strong={highlightedKey === box.key}
              />
            </g>
          ))}
          {drawn.map(
            ({ box, label }) =>
              label !== null && (
                <LabelPlate
                  key={box.key}
                  {...label}
                  text={box.text}
                  colour={box.colour}
                  fontPx={fontPx}
                  hidden={highlightedKey !== null && highlightedKey !== box.key}
                />
              ),
          )}
        </svg>
      )}
    </div>
  );
}
