import type { ReactNode } from 'react';
import { type FileDialog, FileDialogInput } from '../FileDialog.tsx';
import { readChosen } from '../shell/read-transfer.ts';
import { useStudio } from '../studio.ts';

export interface PictureChoiceProps {
  readonly dialog: FileDialog;
  /** The same as of the button that opens it. */
  readonly label: string;
  /** The set that they are meant for, by id; null for a new one. */
  readonly into?: string;
}

/** The file dialogue for pictures without labels, or for a video to take frames from. */
export function PictureChoice({ dialog, label, into }: PictureChoiceProps): ReactNode {
  const { drop, newPictures } = useStudio();
  return (
    <FileDialogInput
      dialog={dialog}
      label={label}
      accept="image/*,video/*"
      onFiles={(files) => {
        if (files.length === 0) return;
        if (into === undefined) void drop.getState().take(Promise.resolve(readChosen(files)), () => {}, true);
        else {
          const given = files.map((file) => ({ path: file.name, file }));
          newPictures.getState().offer({ name: 'pictures', files: given, into });
        }
      }}
    />
  );
}
