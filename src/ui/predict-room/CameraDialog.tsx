import { Button, Modal } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { cameraFault } from '../../state/camera-fault.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { useStudio } from '../studio.ts';

export interface CameraDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** What the camera sees, from which pictures are taken; the camera is off when the dialog is closed. */
export function CameraDialog({ opened, onClose }: CameraDialogProps): ReactNode {
  return (
    <Modal opened={opened} onClose={onClose} title="Use the camera" size="lg" centered>
      {opened && <Camera onClose={onClose} />}
    </Modal>
  );
}

function Camera({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { prediction } = useStudio();
  const video = useRef<HTMLVideoElement>(null);
  const [attempt, setAttempt] = useState(0);
  const [ready, setReady] = useState(false);
  const [taken, setTaken] = useState(0);
  const [fault, setFault] = useState<string | null>(null);

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

  const take = async (): Promise<void> => {
    if (video.current === null) return;
    try {
      const picture = await frameOf(video.current);
      setTaken(taken + 1);
      await prediction.getState().add([new File([picture], `camera-${taken + 1}.jpg`)]);
    } catch (thrown) {
      setFault(cameraFault(thrown));
    }
  };

  if (fault !== null) {
    return (
      <ErrorNote title="No picture from the camera" message={fault}>
        <Button size="compact-sm" variant="default" mt={8} onClick={() => setAttempt(attempt + 1)}>
          Try again
        </Button>
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
        <Button variant="default" onClick={onClose}>
          Done
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

async function frameOf(video: HTMLVideoElement): Promise<Blob> {
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 });
}
