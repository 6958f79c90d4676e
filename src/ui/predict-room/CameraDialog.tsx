import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { CameraView } from '../capture/CameraView.tsx';
import { useStudio } from '../studio.ts';

export interface CameraDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** What the camera sees, from which pictures are taken and predicted; the camera is off when the dialog is closed. */
export function CameraDialog({ opened, onClose }: CameraDialogProps): ReactNode {
  const { prediction } = useStudio();
  return (
    <Modal opened={opened} onClose={onClose} title="Use the camera" size="lg">
      {opened && (
        <CameraView
          onPicture={(picture, number) => prediction.getState().add([new File([picture], `camera-${number}.jpg`)])}
          onDone={onClose}
          doneLabel="Done"
          repeats={false}
        />
      )}
    </Modal>
  );
}
