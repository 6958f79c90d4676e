import type { ReactNode } from 'react';
import { givenFiles, nameOfGiven } from '../../state/import-source.ts';
import { picturesAlone } from '../../state/sort-drop.ts';
import { type FileDialog, FileDialogInput } from '../FileDialog.tsx';
import { useStudio } from '../studio.ts';

export interface FileChoiceProps {
  readonly dialog: FileDialog;
  /** The same as of the button that opens it. */
  readonly label: string;
  readonly folder: boolean;
  /** What an import goes by that is gone on with; else the files name it. */
  readonly name?: string;
}

/** The file dialogue for archives or for a folder: what is chosen is imported. */
export function FileChoice({ dialog, label, folder, name }: FileChoiceProps): ReactNode {
  const { library, newPictures } = useStudio();
  return (
    <FileDialogInput
      dialog={dialog}
      label={label}
      accept={folder ? 'folder' : '.tar,.tar.gz,.tgz,.gz,.zip,.json'}
      onFiles={(chosen) => {
        const files = givenFiles(chosen);
        const pictures = name === undefined ? picturesAlone(files) : [];
        if (pictures.length > 0)
          newPictures.getState().offer({ name: nameOfGiven(pictures), files: pictures, into: null });
        else if (files.length > 0) void library.getState().importFiles(name ?? nameOfGiven(files), files);
      }}
    />
  );
}
