import { Loader } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import type { Size } from '../../base/boxes.ts';
import type { ShownPicture } from '../../state/prediction.ts';
import { shownDetections } from '../../state/shown-detections.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { fixed, milliseconds } from '../numbers.ts';
import { BoxOverlay } from '../overlay/BoxOverlay.tsx';
import { usePrediction, usePreferences } from '../studio.ts';

/** Small pictures are shown larger than they are, but not so that they blur. */
const MOST_ENLARGED = 2.5;

/** One picture with what was found in it; a click lists its boxes at the side. */
export function PictureCard({ picture }: { readonly picture: ShownPicture }): ReactNode {
  const selected = usePrediction((state) => state.selectedId === picture.id);
  const highlighted = usePrediction((state) => (state.selectedId === picture.id ? state.highlighted : null));
  const select = usePrediction((state) => state.select);
  const highlight = usePrediction((state) => state.highlight);
  const threshold = usePreferences((state) => state.threshold);
  const [size, setSize] = useState<Size | null>(null);
  const { name, status, prediction, error } = picture;

  const shown = useMemo(() => shownDetections(prediction, threshold), [prediction, threshold]);
  const boxes = useMemo(
    () =>
      shown.map(({ index, detection }) => ({
        key: String(index),
        labelId: detection.labelId,
        text: `${detection.label} ${fixed(detection.score, 2)}`,
        boxXyxyPx: detection.boxXyxyPx,
        style: 'found' as const,
      })),
    [shown],
  );
  const known = prediction?.size ?? size;

  return (
    <figure className="picture" data-selected={selected}>
      {/* The browser measures the picture before the model does, so that nothing moves when the boxes come. */}
      {known === null && (
        <img
          className="measure"
          src={picture.url}
          alt=""
          onLoad={(event) => {
            const { naturalHeight: h, naturalWidth: w } = event.currentTarget;
            if (h > 0 && w > 0) setSize({ h, w });
          }}
        />
      )}
      {known !== null && status !== 'failed' && (
        <div
          className="picture-frame"
          style={{ maxWidth: `min(${MOST_ENLARGED * known.w}px, 62vh * ${known.w / known.h})` }}
        >
          <BoxOverlay
            url={picture.url}
            description={`${name}: ${describe(
              status,
              shown.map(({ detection }) => detection.label),
            )}`}
            size={known}
            boxes={boxes}
            highlightedKey={highlighted === null ? null : String(highlighted)}
            onHighlight={(key) => {
              if (key !== null) select(picture.id);
              highlight(key === null ? null : Number(key));
            }}
            fontPx={12}
          />
        </div>
      )}
      {error !== null && <ErrorNote title={`"${name}" could not be predicted`} message={error.message} />}
      <figcaption>
        <button type="button" className="picture-name" aria-pressed={selected} onClick={() => select(picture.id)}>
          {name}
        </button>
        {(status === 'waiting' || status === 'predicting') && (
          <span className="muted small picture-wait">
            <Loader size={12} /> {status === 'waiting' ? 'waits for its turn' : 'is being looked at'}
          </span>
        )}
        {prediction !== null && (
          <span className="muted small">
            {shown.length} found, {milliseconds(prediction.elapsedMs)}
          </span>
        )}
      </figcaption>
    </figure>
  );
}

function describe(status: ShownPicture['status'], labels: readonly string[]): string {
  if (status !== 'done') return 'not yet predicted';
  return labels.length === 0 ? 'nothing found' : `found ${labels.join(', ')}`;
}
