import { Button, type ButtonProps } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import { useLocation } from 'wouter';
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
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button variant={variant} size={size} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        aria-label={label}
        multiple
        hidden
        {...(accept === 'folder' ? { webkitdirectory: '' } : { accept })}
        onChange={(event) => {
          const items = readChosen(event.currentTarget.files ?? []);
          // So that the same file can be chosen again.
          event.currentTarget.value = '';
          if (items.length > 0) void drop.getState().take(Promise.resolve(items), navigate);
        }}
      />
    </>
  );
}
