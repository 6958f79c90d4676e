import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { lossSentence } from '../../state/losses.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { useStudio } from '../studio.ts';
import { lossesOf } from './studio-losses.ts';

/** Says that what was kept here is gone, until it was read. */
export function LossNote(): ReactNode {
  const losses = lossesOf(useStudio());
  const lost = useStore(losses, (state) => state.lost);
  if (lost === null) return null;
  return (
    <div className="loss-note">
      <ErrorNote title="Something that was kept here is gone" message={lossSentence(lost)}>
        <div className="note-buttons">
          <Button variant="default" size="compact-sm" onClick={() => losses.getState().dismiss()}>
            I have read it
          </Button>
        </div>
      </ErrorNote>
    </div>
  );
}
