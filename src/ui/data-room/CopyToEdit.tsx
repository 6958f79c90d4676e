import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { DataSetSummary } from '../../rpc/protocol.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { useCopySet } from './use-copy-set.ts';

/** Copies a set and shows the copy, which can be edited. */
export function CopyToEdit({ set, label }: { readonly set: DataSetSummary; readonly label: string }): ReactNode {
  const { copying, error, copy } = useCopySet();
  return (
    <>
      <Button variant="default" size="compact-sm" loading={copying} onClick={() => void copy(set)}>
        {label}
      </Button>
      {error !== null && <ErrorNote title="The set was not copied" message={error.message} />}
    </>
  );
}
