import { Modal } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import type { GivenFile } from '../../rpc/protocol.ts';
import type { FrameSource } from '../../state/new-pictures.ts';
import { CameraView } from '../capture/CameraView.tsx';
import { VideoView } from '../capture/VideoView.tsx';
import { useNewPictures } from '../studio.ts';
import { OfferForm } from './OfferForm.tsx';
import './new-pictures.css';

/** Pictures without labels on their way into a set: frames are taken, then the set is chosen, then they are added. */
export function NewPicturesDialog(): ReactNode {
  const offered = useNewPictures((state) => state.offered);
  const capturing = useNewPictures((state) => state.capturing);
  const busy = useNewPictures((state) => state.progress !== null);
  const drop = useNewPictures((state) => state.drop);
  if (capturing !== null) return <CaptureDialog source={capturing} />;
  return (
    <Modal
      opened={offered !== null}
      onClose={drop}
      title="Pictures without labels"
      closeOnClickOutside={!busy}
      closeOnEscape={!busy}
      withCloseButton={!busy}
    >
      {offered !== null && <OfferForm offered={offered} />}
    </Modal>
  );
}

function CaptureDialog({ source }: { readonly source: FrameSource }): ReactNode {
  const offer = useNewPictures((state) => state.offer);
  const endCapture = useNewPictures((state) => state.endCapture);
  const taken = useRef<GivenFile[]>([]);
  const name = source.kind === 'camera' ? 'camera' : stemOf(source.file.name);
  const keep = (path: string, file: Blob): void => {
    taken.current.push({ path, file });
  };
  // Closing the dialog throws no picture away either.
  const finish = (): void => {
    endCapture();
    offer({ name, files: taken.current, into: null });
  };
  return (
    <Modal
      opened
      onClose={finish}
      title={source.kind === 'camera' ? 'Pictures from the camera' : `Frames of ${source.file.name}`}
      size="xl"
    >
      {source.kind === 'camera' ? (
        <CameraView
          onPicture={(picture, number) => keep(`camera-${String(number).padStart(4, '0')}.jpg`, picture)}
          onDone={finish}
          doneLabel="Done"
          repeats
        />
      ) : (
        <VideoView
          file={source.file}
          onFrame={(picture, atSeconds) => {
            const milliseconds = String(Math.round(atSeconds * 1000)).padStart(7, '0');
            keep(`${name}-${milliseconds}ms.jpg`, picture);
          }}
          onDone={finish}
          doneLabel="Done"
        />
      )}
    </Modal>
  );
}

function stemOf(fileName: string): string {
  return fileName.replace(/\.[a-z0-9]+$/i, '') || 'video';
}
