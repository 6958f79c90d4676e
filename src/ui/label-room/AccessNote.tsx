import { Button } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { useStudio } from '../studio.ts';
import { useLabelling } from './label-context.ts';

/** So often a tab that may only look asks whether the other one is done. */
const ASK_MS = 3000;

/** Says why the labels can only be looked at, where it is so. */
export function AccessNote({ onCopyAndEdit }: { readonly onCopyAndEdit: (() => void) | null }): ReactNode {
  const { labelling } = useStudio();
  const access = useLabelling((state) => state.access);
  const isElsewhere = access === 'elsewhere';
  useEffect(() => {
    if (!isElsewhere) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void labelling.getState().takeOver();
    }, ASK_MS);
    return () => clearInterval(timer);
  }, [isElsewhere, labelling]);

  if (access === 'bundled') {
    return (
      <div className="label-note" role="note">
        <strong>Read only.</strong> This set came with the studio and cannot be edited.
        {onCopyAndEdit !== null && (
          <Button size="compact-sm" onClick={onCopyAndEdit}>
            Copy and edit
          </Button>
        )}
      </div>
    );
  }
  if (!isElsewhere) return null;
  return (
    <div className="label-note" role="note">
      <strong>Read only.</strong> Another tab of this browser edits this set. Once it is closed there, it can be edited
      here.
    </div>
  );
}
