import { Button } from '@mantine/core';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { cameraFault } from '../../state/camera-fault.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { EverySeconds } from './EverySeconds.tsx';
import { frameOf } from './frame-of.ts';
import './capture.css';

export interface CameraViewProps {
  /** Hears of each picture, with its number from 1. */
  readonly onPicture: (picture: Blob, number: number) => Promise<void> | void;
  readonly onDone: () => void;
  readonly doneLabel: string;
  /** Whether pictures can be taken by themselves, in even times. */
  readonly repeats: boolean;
}

/** What the camera sees, from which pictures are taken; the camera is off when this is gone. */
export function CameraView({ onPicture, onDone, doneLabel, repeats }: CameraViewProps): ReactNode {
  const video = useRef<HTMLVideoElement>(null);
  const [attempt, setAttempt] = useState(0);
  const [ready, setReady] = useState(false);
  const [taken, setTaken] = useState(0);
  const [fault, setFault] = useState<string | null>(null);
  const [every, setEvery] = useState<number | null>(null);

  useEffect(() => {
    const turned = new AbortController();
    setFault(null);
    setReady(false);
    // A further attempt asks the browser again.
    void openCamera(attempt, turned.signal).then(
      (stream) => {
        if (video.current !== null) video.current.srcObject = stream;
      },
      (thrown: unknown) => {
        if (!turned.signal.aborted) setFault(cameraFault(thrown));
      },
    );
    return () => turned.abort();
  }, [attempt]);

  const hear = useRef(onPicture);
  hear.current = onPicture;
  const number = useRef(0);
  const take = useCallback(async (): Promise<void> => {
    if (video.current === null || video.current.videoWidth === 0) return;
    try {
      const picture = await frameOf(video.current);
      number.current += 1;
      setTaken(number.current);
      await hear.current(picture, number.current);
    } catch (thrown) {
      setFault(cameraFault(thrown));
    }
  }, []);
  useEffect(() => {
    if (every === null || !ready) return;
    const timer = setInterval(() => void take(), every * 1000);
    return () => clearInterval(timer);
  }, [every, ready, take]);

  if (fault !== null) {
    return (
      <ErrorNote title="No picture from the camera" message={fault}>
        <div className="note-buttons">
          <Button size="compact-sm" variant="default" onClick={() => setAttempt(attempt + 1)}>
            Try again
          </Button>
          {taken > 0 && (
            <Button size="compact-sm" variant="default" onClick={onDone}>
              {doneLabel}
            </Button>
          )}
        </div>
      </ErrorNote>
    );
  }
  return (
    <div className="camera">
      <video ref={video} autoPlay muted playsInline aria-label="Camera" onLoadedData={() => setReady(true)} />
      <div className="camera-buttons">
        <Button data-autofocus disabled={!ready} onClick={() => void take()}>
          {taken === 0 ? 'Take a picture' : 'Take another'}
        </Button>
        {repeats && <EverySeconds going={every !== null} disabled={!ready} onChange={setEvery} />}
        <Button variant="default" onClick={onDone}>
          {doneLabel}
        </Button>
        <span className="muted small" role="status">
          {cameraText(ready, taken)}
        </span>
      </div>
    </div>
  );
}

function cameraText(ready: boolean, taken: number): string {
  if (!ready) return 'Waits for the camera. The browser may ask you for leave.';
  if (taken === 0) return 'Pictures stay on this computer.';
  return taken === 1 ? '1 picture taken.' : `${taken} pictures taken.`;
}

/** The camera's stream, off again once `signal` aborts. Throws null where the browser has no cameras to give. */
async function openCamera(_attempt: number, signal: AbortSignal): Promise<MediaStream> {
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  if (devices === undefined) throw null;
  const stream = await devices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } } });
  const stop = (): void => {
    for (const track of stream.getTracks()) track.stop();
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  return stream;
}
