import { CloseButton, Loader } from '@mantine/core';
import { memo, type ReactNode, useMemo, useRef } from 'react';
import type { Size } from '../../base/boxes.ts';
import type { ShownPicture } from '../../state/prediction.ts';
import { shownDetections } from '../../state/shown-detections.ts';
import { useClassColour } from '../class-colour.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { fixed, milliseconds, whole } from '../numbers.ts';
import { BoxOverlay } from '../overlay/BoxOverlay.tsx';
import { usePrediction, usePreferences } from '../studio.ts';
import { useNear } from './use-near.ts';

/** Small pictures are shown larger than they are, but not so that they blur. */
const MOST_ENLARGED = 2.5;

/** One picture with what was found in it; a click lists its boxes at the side. */
export const PictureCard = memo(function PictureCard({ picture }: { readonly picture: ShownPicture }): ReactNode {
  const selected = usePrediction((state) => state.selectedId === picture.id);
  const select = usePrediction((state) => state.select);
  const remove = usePrediction((state) => state.remove);
  const threshold = usePreferences((state) => state.threshold);
  const { id, name, status, prediction, error } = picture;
  const found = useMemo(() => shownDetections(prediction, threshold).length, [prediction, threshold]);
  const size = prediction?.size ?? picture.size;

  return (
    <figure className="picture" id={`picture-${id}`} data-selected={selected}>
      {error !== null && <ErrorNote title={`"${name}" could not be predicted`} message={error.message} />}
      {error === null && size !== null && <Frame picture={picture} size={size} />}
      <figcaption>
        <button
          type="button"
          className="picture-name"
          aria-pressed={selected}
          onClick={() => select(id)}
          onFocus={() => select(id)}
        >
          {name}
        </button>
        {status === 'waiting' && <span className="muted small">waits for its turn</span>}
        {status === 'predicting' && (
          <span className="muted small picture-wait">
            <Loader size={12} />
            {picture.first ? 'the first takes longer: shaders are compiled' : 'is being looked at'}
          </span>
        )}
        {prediction !== null && (
          <span className="muted small">
            {found} found, {milliseconds(prediction.elapsedMs)}
          </span>
        )}
        <CloseButton size="sm" aria-label={`Remove ${name}`} onClick={() => remove(id)} />
      </figcaption>
    </figure>
  );
});

interface FrameProps {
  readonly picture: ShownPicture;
  readonly size: Size;
}

/** Its place is kept from the beginning; what is far from the screen is not drawn in it. */
function Frame({ picture, size }: FrameProps): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const near = useNear(frame);
  const widest = `min(${MOST_ENLARGED * size.w}px, 62vh * ${size.w / size.h})`;
  return (
    <div className="picture-frame" ref={frame} style={{ maxWidth: widest, aspectRatio: `${size.w} / ${size.h}` }}>
      {picture.url === null ? (
        <p className="muted small">
          {whole(size.w)} x {whole(size.h)} pixels are too many to be shown. What is found is listed at the side.
        </p>
      ) : (
        near && <Boxes picture={picture} url={picture.url} size={size} />
      )}
    </div>
  );
}

function Boxes({ picture, url, size }: FrameProps & { readonly url: string }): ReactNode {
  const { id, name, status, prediction } = picture;
  const highlighted = usePrediction((state) => (state.selectedId === id ? state.highlighted : null));
  const select = usePrediction((state) => state.select);
  const highlight = usePrediction((state) => state.highlight);
  const threshold = usePreferences((state) => state.threshold);
  const shown = useMemo(() => shownDetections(prediction, threshold), [prediction, threshold]);
  const colourOf = useClassColour();
  const boxes = useMemo(
    () =>
      shown.map(({ index, detection }) => ({
        key: String(index),
        colour: colourOf(detection.label, detection.labelId),
        text: `${detection.label} ${fixed(detection.score, 2)}`,
        boxXyxyPx: detection.boxXyxyPx,
        style: 'found' as const,
      })),
    [shown, colourOf],
  );
  const labels = shown.map(({ detection }) => detection.label);
  return (
    <BoxOverlay
      url={url}
      description={`${name}: ${describe(status, labels)}`}
      size={size}
      boxes={boxes}
      highlightedKey={highlighted === null ? null : String(highlighted)}
      onHighlight={(key) => {
        if (key !== null) select(id);
        highlight(key === null ? null : Number(key));
      }}
      fontPx={12}
    />
  );
}

function describe(status: ShownPicture['status'], labels: readonly string[]): string {
  if (status !== 'done') return 'not yet predicted';
  return labels.length === 0 ? 'nothing found' : `found ${labels.join(', ')}`;
}
