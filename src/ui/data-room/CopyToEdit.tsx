import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { type StudioError, toStudioError } from '../../base/errors.ts';
import type { DataSetSummary } from '../../rpc/protocol.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { useLibrary, useStudio } from '../studio.ts';

/** Copies a set and shows the copy, which can be edited. */
export function CopyToEdit({ set, label }: { readonly set: DataSetSummary; readonly label: string }): ReactNode {
  const { files } = useStudio();
  const refresh = useLibrary((state) => state.refresh);
  const choose = useLibrary((state) => state.choose);
  const [copying, setCopying] = useState(false);
  const [error, setError] = useState<StudioError | null>(null);
  const copy = async (): Promise<void> => {
    setCopying(true);
    setError(null);
    try {
      const { id } = await files.copyDataSet(set.id);
      await refresh();
      choose(id);
    } catch (thrown) {
      setError(toStudioError(thrown));
    }
    setCopying(false);
  };
  return (
    <>
      <Button variant="default" size="compact-sm" loading={copying} onClick={() => void copy()}>
        {label}
      </Button>
      {error !== null && <ErrorNote title="The set was not copied" message={error.message} />}
    </>
  );
}
