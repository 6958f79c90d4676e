import { Button, type ButtonProps } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import { useStudio } from '../studio.ts';

export interface FileButtonProps {
  readonly label: string;
  readonly accept: string;
  readonly variant: NonNullable<ButtonProps['variant']>;
  readonly size?: string;
}

/** A button that opens the file dialogue; whatever is chosen is taken as if it had been dropped. */
export function FileButton({ label, accept, variant, size = 'sm' }: FileButtonProps): ReactNode {
  const { prediction } = useStudio();
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
        accept={accept}
        multiple
        hidden
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          // So that the same file can be chosen again.
          event.currentTarget.value = '';
          if (files.length > 0) void prediction.getState().take(files);
        }}
      />
    </>
  );
}
