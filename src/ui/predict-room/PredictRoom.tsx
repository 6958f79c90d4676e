import { Button, Slider } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { LOWEST_SCORE } from '../../state/prediction.ts';
import { ExportDialog } from '../export/ExportDialog.tsx';
import { fixed, milliseconds } from '../numbers.ts';
import { RoomIcon } from '../shell/rooms.tsx';
import { usePrediction, usePreferences, useStudio } from '../studio.ts';
import { CameraDialog } from './CameraDialog.tsx';
import { Downloads } from './Downloads.tsx';
import { FileButton } from './FileButton.tsx';
import { FoundList } from './FoundList.tsx';
import { PictureStack } from './PictureStack.tsx';
import { SamplePictures } from './SamplePictures.tsx';
import { WeightsChoice } from './WeightsChoice.tsx';
import './predict.css';

const PICTURE = <path d="M3 4h14v12H3zM3 13l4-4 4 4 2.5-2.5L17 14M12.5 7.5h.01" />;

/** Predict: pictures at the left as they come, what was found in the selected one at the right. */
export function PredictRoom(): ReactNode {
  const { prediction } = useStudio();

  useEffect(() => {
    void prediction.getState().loadAny();
  }, [prediction]);

  return (
    <div className="predict-room">
      <div className="pictures">
        <DropZone />
        <PictureStack />
      </div>
      <Found />
      <ExportDialog />
    </div>
  );
}

function DropZone(): ReactNode {
  const count = usePrediction((state) => state.pictures.length);
  const clear = usePrediction((state) => state.clear);
  const [camera, setCamera] = useState(false);
  const empty = count === 0;
  return (
    <div className="drop" data-large={empty}>
      {empty && <RoomIcon icon={PICTURE} size={40} />}
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
          variant={empty ? 'filled' : 'default'}
        />
        <Button variant="default" onClick={() => setCamera(true)}>
          Use the camera
        </Button>
        {!empty && (
          <Button variant="subtle" onClick={clear}>
            {count === 1 ? 'Clear' : `Clear all ${count}`}
          </Button>
        )}
      </div>
      {empty && <SamplePictures />}
      <CameraDialog opened={camera} onClose={() => setCamera(false)} />
    </div>
  );
}

function Found(): ReactNode {
  const picture = usePrediction((state) => state.pictures.find(({ id }) => id === state.selectedId));
  const weights = usePrediction((state) => state.weights);
  const ranOn = usePrediction((state) => state.ranOn);
  const engine = usePrediction((state) => state.engine);
  const done = picture?.prediction ?? null;

  return (
    <aside className="side found-side" aria-label="What was found">
      <h1>Found</h1>
      <Threshold />
      {picture === undefined ? (
        <p className="muted small">Add a picture, and its boxes are listed here with label, score and place.</p>
      ) : (
        <>
          <FoundList picture={picture} />
          {done !== null && (
            <p className="muted small">
              {milliseconds(done.elapsedMs)} on {ranOn?.name ?? 'WebGPU'}
              {weights === null ? '' : `, weights "${weights.name}"`}
              {picture.first &&
                engine === 'detrain' &&
                '. Shaders were compiled in that time; the next picture is faster'}
              .
            </p>
          )}
          <Downloads picture={picture} />
        </>
      )}
      <hr />
      <WeightsChoice />
    </aside>
  );
}

function Threshold(): ReactNode {
  const threshold = usePreferences((state) => state.threshold);
  const setThreshold = usePreferences((state) => state.setThreshold);
  return (
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
  );
}
