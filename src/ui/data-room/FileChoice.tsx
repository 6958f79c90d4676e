import { type ReactNode, type RefObject, useRef } from 'react';
import type { GivenFile } from '../../rpc/protocol.ts';
import { givenFiles, nameOfGiven } from '../../state/import-source.ts';
import { useStudio } from '../studio.ts';

export interface FileChoiceProps {
  /** The same as of the button that opens it. */
  readonly label: string;
  readonly folder: boolean;
  readonly input: RefObject<HTMLInputElement | null>;
  /** What an import goes by that is gone on with; else the files name it. */
  readonly name?: string;
}

/** The file dialogue for archives or for a folder: what is chosen is imported. */
export function FileChoice({ label, folder, input, name }: FileChoiceProps): ReactNode {
  const { library } = useStudio();
  const take = (files: readonly GivenFile[]): void => {
    if (files.length > 0) void library.getState().importFiles(name ?? nameOfGiven(files), files);
  };
  return (
    <input
      ref={(element) => {
        input.current = element;
        if (element !== null) element.webkitdirectory = folder;
      }}
      type="file"
      aria-label={label}
      {...(folder ? {} : { accept: '.tar,.tar.gz,.tgz,.gz,.zip' })}
      multiple
      hidden
      onChange={(event) => {
        const files = givenFiles(event.currentTarget.files ?? []);
        // So that the same files can be chosen again.
        event.currentTarget.value = '';
        take(files);
      }}
    />
  );
}

/** A hidden file dialogue and what opens it. */
export function useFileChoice(): { readonly input: RefObject<HTMLInputElement | null>; readonly open: () => void } {
  const input = useRef<HTMLInputElement>(null);
  return { input, open: () => input.current?.click() };
}
