import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { labelAddress } from '../../state/labelling/address.ts';
import { shownSample } from '../../state/labelling/state.ts';
import { useCopySet } from '../data-room/use-copy-set.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { useLibrary, useStudio } from '../studio.ts';
import { LabelRoom } from './LabelRoom.tsx';

/** The editor, with a way on for a set that cannot be edited: a copy of it. */
export function EditableLabelRoom(): ReactNode {
  const { labelling } = useStudio();
  const sets = useLibrary((state) => state.sets);
  const [, navigate] = useLocation();
  const { copy, error } = useCopySet();
  const copyAndEdit = async (dataSetId: string): Promise<void> => {
    const set = sets?.find(({ id }) => id === dataSetId);
    const made = set === undefined ? null : await copy(set);
    // The copy's pictures are called as those of the set.
    const shown = shownSample(labelling.getState())?.id ?? null;
    if (made !== null) navigate(labelAddress(made.id, shown));
  };
  return (
    <>
      {error !== null && <ErrorNote title="The set was not copied" message={error.message} />}
      <LabelRoom onCopyAndEdit={(dataSetId) => void copyAndEdit(dataSetId)} />
    </>
  );
}
