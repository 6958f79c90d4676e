import { type KeyboardEvent, type PointerEvent, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { useClassColour } from '../class-colour.ts';
import { fixed } from '../numbers.ts';
import { confidenceByKey, curvePath, nearestScore, type PlotFrame, placeOf, toHundredths } from './curve-geometry.ts';
import { type Analysis, LEAST_CONFIDENCE } from './use-analysis.ts';
import './curve.css';

const HEIGHT_PX = 250;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

export interface CurvePlotProps {
  /** Null for all classes together. */
  readonly classId: number | null;
  readonly analysis: Analysis;
  /** Of the class, for screen readers. */
  readonly name: string;
  readonly onConfidence: (confidence: number) => void;
}

/** The curve of all classes, the chosen class's over it, and a handle on the latter that is drawn or moved by keys. */
export function CurvePlot({ classId, analysis, name, onConfidence }: CurvePlotProps): ReactNode {
  const { all, curve, confidence, point } = analysis;
  const colourOf = useClassColour();
  const holder = useRef<HTMLDivElement>(null);
  const [widthPx, setWidthPx] = useState(0);
  const [dragging, setDragging] = useState(false);

  useLayoutEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const measure = (): void => setWidthPx(Math.floor(element.clientWidth));
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);

  const frame: PlotFrame = { left: 34, top: 10, width: Math.max(1, widthPx - 46), height: HEIGHT_PX - 44 };
  const colour = classId === null ? 'var(--d-accent)' : colourOf(name, classId);
  const handle = placeOf(frame, point.recall, point.precision ?? curve.precisions[0] ?? 1);
  const empty = curve.scores.length === 0;

  const moveTo = ({ clientX, clientY, currentTarget }: PointerEvent<HTMLElement>): void => {
    const { left, top } = currentTarget.getBoundingClientRect();
    const score = nearestScore(frame, curve, clientX - left, clientY - top);
    if (score !== null) onConfidence(toHundredths(score, LEAST_CONFIDENCE));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = event.ctrlKey || event.metaKey || event.altKey ? null : keyed(event.key, confidence);
    if (next === null) return;
    event.preventDefault();
    onConfidence(next);
  };

  return (
    <div ref={holder} className="curve-plot" style={{ height: HEIGHT_PX }}>
      {widthPx > 0 && (
        <svg width={widthPx} height={HEIGHT_PX} aria-hidden="true">
          <Axes frame={frame} />
          {classId !== null && <path className="curve-line curve-faint" d={curvePath(frame, all)} />}
          <path className="curve-line" d={curvePath(frame, curve)} style={{ stroke: colour }} />
          {empty ? (
            <text className="curve-none" x={frame.left + frame.width / 2} y={frame.top + frame.height / 2}>
              {classId === null ? 'nothing was found' : 'no such objects here'}
            </text>
          ) : (
            <path
              className="curve-lead"
              d={`M${handle.x} ${handle.y}V${frame.top + frame.height}M${handle.x} ${handle.y}H${frame.left}`}
            />
          )}
        </svg>
      )}
      {widthPx > 0 && !empty && (
        <div
          className="curve-slider"
          data-dragging={dragging}
          role="slider"
          tabIndex={0}
          aria-label="Confidence"
          aria-valuemin={LEAST_CONFIDENCE}
          aria-valuemax={1}
          aria-valuenow={Number(fixed(confidence, 2))}
          aria-valuetext={`${fixed(confidence, 2)}: precision ${fixed(point.precision, 2)}, recall ${fixed(point.recall, 2)} of ${name}`}
          onKeyDown={onKeyDown}
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            setDragging(true);
            moveTo(event);
          }}
          onPointerMove={(event) => {
            if (dragging) moveTo(event);
          }}
          onPointerUp={() => setDragging(false)}
          onPointerCancel={() => setDragging(false)}
        >
          <i style={{ left: handle.x, top: handle.y, borderColor: colour }} />
        </div>
      )}
    </div>
  );
}

function keyed(key: string, confidence: number): number | null {
  return confidenceByKey(key, confidence, LEAST_CONFIDENCE);
}

function Axes({ frame }: { readonly frame: PlotFrame }): ReactNode {
  const { left, top, width, height } = frame;
  return (
    <>
      {TICKS.map((tick) => {
        const { x } = placeOf(frame, tick, 0);
        const { y } = placeOf(frame, 0, tick);
        return (
          <g key={tick}>
            <path className="curve-grid" d={`M${left} ${y}H${left + width}`} />
            <text className="curve-tick" x={left - 6} y={y + 4} textAnchor="end">
              {tick}
            </text>
            <text className="curve-tick" x={x} y={top + height + 16} textAnchor="middle">
              {tick}
            </text>
          </g>
        );
      })}
      <text className="curve-tick" x={left + width} y={top + height + 30} textAnchor="end">
        recall
      </text>
      <text className="curve-tick" x={left} y={top + height + 30} textAnchor="start">
        ↑ precision
      </text>
    </>
  );
}
