import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { lossSentence } from '../../state/losses.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { useLosses } from '../studio.ts';

/** Says that what was kept here is gone, until it was read. */
export function LossNote(): ReactNode {
  const lost = useLosses((state) => state.lost);
  const dismiss = useLosses((state) => state.dismiss);
  if (lost === null) return null;
  return (
    <div className="loss-note">
      <ErrorNote title="Something that was kept here is gone" message={lossSentence(lost)}>
        <div className="note-buttons">
          <Button variant="default" size="compact-sm" onClick={dismiss}>
            I have read it
          </Button>
        </div>
      </ErrorNote>
    </div>
  );
}
