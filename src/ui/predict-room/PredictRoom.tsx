import { Button, Slider } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { LOWEST_SCORE } from '../../state/prediction.ts';
import { predictionJson } from '../../state/shown-detections.ts';
import { download } from '../download.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { fixed, milliseconds } from '../numbers.ts';
import { RoomIcon } from '../shell/rooms.tsx';
import { useAdapter, usePrediction, usePreferences, useStudio } from '../studio.ts';
import { FileButton } from './FileButton.tsx';
import { FoundList } from './FoundList.tsx';
import { PictureCard } from './PictureCard.tsx';
import { SamplePictures } from './SamplePictures.tsx';
import { WeightsChoice } from './WeightsChoice.tsx';
import './predict.css';

const PICTURE = <path d="M3 4h14v12H3zM3 13l4-4 4 4 2.5-2.5L17 14M12.5 7.5h.01" />;

/** Predict: pictures at the left as they come, what was found in the selected one at the right. */
export function PredictRoom(): ReactNode {
  const { prediction } = useStudio();
  const pictures = usePrediction((state) => state.pictures);
  const refusals = usePrediction((state) => state.refusals);
  const clear = usePrediction((state) => state.clear);

  useEffect(() => {
    const { weights, loading, load } = prediction.getState();
    if (weights === null && !loading) void load('bundled', 'bundled');
  }, [prediction]);

  return (
    <div className="predict-room">
      <div className="pictures">
        <div className="drop" data-large={pictures.length === 0}>
          {pictures.length === 0 && <RoomIcon icon={PICTURE} size={40} />}
          <div className="drop-text">
            <span>
              <strong>Drop pictures here</strong>, paste, or choose them
            </span>
            <span className="small muted">They stay on this computer.</span>
          </div>
          <div className="drop-buttons">
            <FileButton
              label="Add images"
              accept="image/jpeg,image/png,image/webp,image/gif,image/bmp"
              variant={pictures.length === 0 ? 'filled' : 'default'}
            />
            {pictures.length > 0 && (
              <Button variant="subtle" onClick={clear}>
                Clear
              </Button>
            )}
          </div>
          <SamplePictures />
        </div>
        {refusals.map((refusal) => (
          <ErrorNote key={refusal} title="Not taken" message={refusal} />
        ))}
        {pictures.map((picture) => (
          <PictureCard key={picture.id} picture={picture} />
        ))}
      </div>
      <Found />
    </div>
  );
}

function Found(): ReactNode {
  const picture = usePrediction((state) => state.pictures.find(({ id }) => id === state.selectedId));
  const weights = usePrediction((state) => state.weights);
  const adapter = useAdapter((state) => state.report);
  const threshold = usePreferences((state) => state.threshold);
  const setThreshold = usePreferences((state) => state.setThreshold);
  const done = picture?.prediction ?? null;

  return (
    <aside className="side found-side" aria-label="What was found">
      <h1>Found</h1>
      <div className="threshold">
        <span className="muted" aria-hidden="true">
          Threshold
        </span>
        <Slider
          flex={1}
          size="sm"
          min={LOWEST_SCORE}
          max={1}
          step={0.01}
          label={null}
          value={threshold}
          onChange={setThreshold}
          thumbLabel="Threshold"
        />
        <b>{fixed(threshold, 2)}</b>
      </div>
      {picture === undefined ? (
        <p className="muted small">Add a picture, and its boxes are listed here with label, score and place.</p>
      ) : (
        <>
          <FoundList picture={picture} />
          {done !== null && (
            <p className="muted small">
              {milliseconds(done.elapsedMs)} on {adapter?.name ?? 'WebGPU'}
              {weights === null ? '' : `, weights "${weights.name}"`}
            </p>
          )}
          {done !== null && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() =>
                download(`${picture.name}.json`, [predictionJson(picture.name, done, threshold)], 'application/json')
              }
            >
              Download JSON
            </Button>
          )}
        </>
      )}
      <hr />
      <WeightsChoice />
    </aside>
  );
}
