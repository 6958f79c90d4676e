import { Button, type ButtonProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { FileDialogInput, useFileDialog } from '../FileDialog.tsx';
import { readChosen } from '../shell/read-transfer.ts';
import { useStudio } from '../studio.ts';

export interface FileButtonProps {
  readonly label: string;
  /** What the dialogue offers; a folder is chosen as a whole. */
  readonly accept: string | 'folder';
  readonly variant: NonNullable<ButtonProps['variant']>;
  readonly size?: string;
}

/** A button that opens the file dialogue; whatever is chosen is taken as if it had been dropped. */
export function FileButton({ label, accept, variant, size = 'sm' }: FileButtonProps): ReactNode {
  const { drop } = useStudio();
  const [, navigate] = useLocation();
  const dialog = useFileDialog();
  return (
    <>
      <Button variant={variant} size={size} onClick={dialog.open}>
        {label}
      </Button>
      <FileDialogInput
        dialog={dialog}
        label={label}
        accept={accept}
        onFiles={(files) => {
          const items = readChosen(files);
          if (items.length > 0) void drop.getState().take(Promise.resolve(items), navigate);
        }}
      />
    </>
  );
}
