import { ActionIcon } from '@mantine/core';
import type { ReactNode } from 'react';

const PATHS = { previous: 'M7.5 2.5 4 6l3.5 3.5', next: 'M4.5 2.5 8 6 4.5 9.5' } as const;

export interface StepButtonProps {
  readonly to: keyof typeof PATHS;
  readonly disabled: boolean;
  readonly onClick: () => void;
}

/** Goes to the picture before or after the one that is shown. */
export function StepButton({ to, disabled, onClick }: StepButtonProps): ReactNode {
  return (
    <ActionIcon
      variant="default"
      size={28}
      aria-label={to === 'previous' ? 'Previous picture' : 'Next picture'}
      disabled={disabled}
      onClick={onClick}
    >
      <svg
        width="12"
        height="12"
        viewBox="0 0 12 12"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        aria-hidden="true"
      >
        <path d={PATHS[to]} />
      </svg>
    </ActionIcon>
  );
}
