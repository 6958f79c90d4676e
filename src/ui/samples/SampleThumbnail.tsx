import { memo, type ReactNode } from 'react';
import type { Size } from '../../base/boxes.ts';
import { type ColouredBox, DrawnBox, ThinBoxes } from '../overlay/DrawnBox.tsx';
import { useThumbnail } from './sample-pictures.ts';
import './samples.css';

export interface SampleThumbnailProps {
  readonly dataSetId: string;
  readonly sampleId: string;
  /** Of the picture as displayed, so that its place is kept before it comes. */
  readonly size: Size;
  /** At which it is shown, in CSS pixels; the width follows, and a narrower place shrinks both. */
  readonly heightPx: number;
  /** In the colours of their classes; dashed where `found` is given too. */
  readonly truth?: readonly ColouredBox[];
  readonly found?: readonly ColouredBox[];
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

function Drawn({ dataSetId, sampleId, heightPx, size, truth, found }: SampleThumbnailProps): ReactNode {
  const held = useThumbnail(dataSetId, sampleId, heightPx);
  if (held.state === 'failed') {
    return (
      <span className="thumbnail-failed" title={held.error.message}>
        cannot be shown
      </span>
    );
  }
  const waiting = held.state === 'waiting';
  return (
    <>
      {/* Without an address neither is seen. They stay: making them anew costs more than changing them. */}
      <img {...(waiting ? {} : { src: held.value })} alt="" />
      <svg viewBox={`0 0 ${size.w} ${size.h}`} preserveAspectRatio="none" aria-hidden="true">
        <Boxes truth={truth} found={found} waiting={waiting} />
      </svg>
    </>
  );
}

interface BoxesProps {
  readonly truth: readonly ColouredBox[] | undefined;
  readonly found: readonly ColouredBox[] | undefined;
  readonly waiting: boolean;
}

/** Boxes over nothing say nothing: while the picture is waited for, what was drawn before stays unseen, and nothing is drawn anew. */
const Boxes = memo(
  function Boxes({ truth = [], found, waiting }: BoxesProps): ReactNode {
    if (waiting) return null;
    if (found === undefined) return <ThinBoxes boxes={truth} />;
    return (
      <>
        <DrawnBox boxes={truth.map(({ boxXyxyPx }) => boxXyxyPx)} look="truth" />
        <ThinBoxes boxes={found} />
      </>
    );
  },
  (old, next) => next.waiting || (!old.waiting && old.truth === next.truth && old.found === next.found),
);
