import { type ReactNode, type RefObject, useRef } from 'react';

/** A file dialogue that is not in sight, and what opens it. */
export interface FileDialog {
  readonly input: RefObject<HTMLInputElement | null>;
  readonly open: () => void;
}

/** For a button that opens a file dialogue; the dialogue itself is a `FileDialogInput` beside it. */
export function useFileDialog(): FileDialog {
  const input = useRef<HTMLInputElement>(null);
  return { input, open: () => input.current?.click() };
}

export interface FileDialogInputProps {
  readonly dialog: FileDialog;
  /** The same as of the button that opens it. */
  readonly label: string;
  /** What the dialogue offers; a folder is chosen as a whole. */
  readonly accept: string | 'folder';
  /** Hears what was chosen: of a folder every file, with its path in `webkitRelativePath`. */
  readonly onFiles: (files: readonly File[]) => void;
}

/** The hidden element behind a file dialogue. */
export function FileDialogInput({ dialog, label, accept, onFiles }: FileDialogInputProps): ReactNode {
  return (
    <input
      ref={dialog.input}
      type="file"
      aria-label={label}
      multiple
      hidden
      {...(accept === 'folder' ? { webkitdirectory: '' } : { accept })}
      onChange={(event) => {
        const files = [...(event.currentTarget.files ?? [])];
        // So that the same files can be chosen again.
        event.currentTarget.value = '';
        onFiles(files);
      }}
    />
  );
}
