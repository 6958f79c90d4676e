import { type ReactNode, useLayoutEffect, useRef } from 'react';
import type { BoxXyxy, Size } from '../../base/boxes.ts';
import { classColour } from '../../base/class-colours.ts';
import { useThumbnail } from './sample-pictures.ts';
import './samples.css';

export interface ThumbnailBox {
  readonly labelId: number;
  /** Pixels of the picture. */
  readonly boxXyxyPx: BoxXyxy;
}

export interface SampleThumbnailProps {
  readonly dataSetId: string;
  readonly sampleId: string;
  /** Of the picture as displayed, so that its place is kept before it comes. */
  readonly size: Size;
  /** At which it is shown, in CSS pixels; the width follows, and a narrower place shrinks both. */
  readonly heightPx: number;
  /** In the colours of their classes; dashed where `found` is given too. */
  readonly truth?: readonly ThumbnailBox[];
  readonly found?: readonly ThumbnailBox[];
  /** For screen readers; empty where the text around it says it all. */
  readonly label: string;
  readonly onClick?: () => void;
}

/** A small picture of a data set with boxes, a button where it can be clicked. */
export function SampleThumbnail(props: SampleThumbnailProps): ReactNode {
  const { size, heightPx, label, onClick } = props;
  const place = { aspectRatio: `${size.w} / ${size.h}`, width: (heightPx * size.w) / size.h };
  if (onClick !== undefined) {
    return (
      <button type="button" className="thumbnail" style={place} aria-label={label} onClick={onClick}>
        <Drawn {...props} />
      </button>
    );
  }
  return label === '' ? (
    <span className="thumbnail" style={place} aria-hidden="true">
      <Drawn {...props} />
    </span>
  ) : (
    <span className="thumbnail" style={place} role="img" aria-label={label}>
      <Drawn {...props} />
    </span>
  );
}

function Drawn({ dataSetId, sampleId, size, heightPx, truth = [], found }: SampleThumbnailProps): ReactNode {
  const held = useThumbnail(dataSetId, sampleId, heightPx);
  const bitmap = held.state === 'ready' ? held.value : null;
  const canvas = useRef<HTMLCanvasElement>(null);

  useLayoutEffect(() => {
    const element = canvas.current;
    if (element === null || bitmap === null) return;
    element.width = bitmap.width;
    element.height = bitmap.height;
    element.getContext('2d')?.drawImage(bitmap, 0, 0);
  }, [bitmap]);

  if (held.state === 'failed') {
    return (
      <span className="thumbnail-failed" title={held.error.message}>
        cannot be shown
      </span>
    );
  }
  return (
    <>
      <canvas ref={canvas} hidden={bitmap === null} />
      <svg viewBox={`0 0 ${size.w} ${size.h}`} preserveAspectRatio="none" aria-hidden="true">
        {found === undefined
          ? truth.map((box, index) => <ClassBox key={keyOf(box, index)} box={box} />)
          : truth.map((box, index) => <DashedBox key={keyOf(box, index)} box={box} />)}
        {found?.map((box, index) => (
          <ClassBox key={keyOf(box, index)} box={box} />
        ))}
      </svg>
    </>
  );
}

function keyOf({ labelId, boxXyxyPx }: ThumbnailBox, index: number): string {
  return `${index} ${labelId} ${boxXyxyPx.join(' ')}`;
}

function placeOf({ boxXyxyPx: [x0, y0, x1, y1] }: ThumbnailBox) {
  return { x: x0, y: y0, width: Math.max(0, x1 - x0), height: Math.max(0, y1 - y0) };
}

function ClassBox({ box }: { readonly box: ThumbnailBox }): ReactNode {
  return (
    <>
      <rect {...placeOf(box)} stroke="#000" strokeOpacity={0.35} strokeWidth={3} />
      <rect {...placeOf(box)} stroke={classColour(box.labelId)} strokeWidth={1.8} />
    </>
  );
}

function DashedBox({ box }: { readonly box: ThumbnailBox }): ReactNode {
  return (
    <>
      <rect {...placeOf(box)} stroke="#000" strokeOpacity={0.45} strokeWidth={1.5} />
      <rect {...placeOf(box)} stroke="#fff" strokeWidth={1.5} strokeDasharray="4 3" />
    </>
  );
}
