import { Button, type ButtonProps } from '@mantine/core';
import type { ReactNode } from 'react';
import type { NamedWeights } from '../../state/weights-choices.ts';
import { useStudio } from '../studio.ts';

export interface ExportButtonProps extends ButtonProps {
  readonly weights: NamedWeights;
}

/** Opens the dialog that exports these weights. */
export function ExportButton({ weights, ...props }: ExportButtonProps): ReactNode {
  const { modelExport } = useStudio();
  return (
    <Button variant="default" {...props} onClick={() => modelExport.getState().open(weights)}>
      Export
    </Button>
  );
}
