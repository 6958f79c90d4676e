import type { ReactNode } from 'react';
import { appendTo } from '../../base/append-to.ts';
import type { BoxXyxy, Size } from '../../base/boxes.ts';
import { DrawnBox } from '../overlay/DrawnBox.tsx';
import { useThumbnail } from './sample-pictures.ts';
import './samples.css';

export interface ThumbnailBox {
  /** Of its class, `#rrggbb`. */
  readonly colour: string;
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
  if (held.state === 'failed') {
    return (
      <span className="thumbnail-failed" title={held.error.message}>
        cannot be shown
      </span>
    );
  }
  // Boxes over nothing say nothing, and what is scrolled past quickly costs no more than its place.
  if (held.state === 'waiting') return null;
  return (
    <>
      <img src={held.value} alt="" />
      <svg viewBox={`0 0 ${size.w} ${size.h}`} preserveAspectRatio="none" aria-hidden="true">
        {found === undefined ? (
          <ClassBoxes boxes={truth} />
        ) : (
          <DrawnBox boxes={truth.map(({ boxXyxyPx }) => boxXyxyPx)} look="truth" />
        )}
        {found !== undefined && <ClassBoxes boxes={found} />}
      </svg>
    </>
  );
}

/** One drawing a class, so that a crowded picture costs no more than a calm one. */
function ClassBoxes({ boxes }: { readonly boxes: readonly ThumbnailBox[] }): ReactNode {
  const byColour = new Map<string, BoxXyxy[]>();
  for (const { colour, boxXyxyPx } of boxes) appendTo(byColour, colour, boxXyxyPx);
  return [...byColour].map(([colour, places]) => (
    <DrawnBox key={colour} boxes={places} colour={colour} look="found" thin />
  ));
}
