import type { ReactNode } from 'react';
import { isActive } from '../../state/run.ts';
import { ExportDialog } from '../export/ExportDialog.tsx';
import { useRun } from '../studio.ts';
import { LinkNote } from './LinkNote.tsx';
import { NoRunYet } from './NoRunYet.tsx';
import { ResumeOffers } from './ResumeOffers.tsx';
import { RunCharts } from './RunCharts.tsx';
import { RunOutcome } from './RunOutcome.tsx';
import { TrainForm } from './TrainForm.tsx';
import './train.css';
import { WhatItSees } from './WhatItSees.tsx';
import { WhatItWillSee } from './WhatItWillSee.tsx';

/** Train: the form at the left, what comes of it at the right. While a run goes on its figures stand first on a narrow screen. */
export function TrainRoom(): ReactNode {
  const idle = useRun((state) => state.phase === 'idle');
  const active = useRun((state) => isActive(state.phase));
  return (
    <div className="train-room" data-active={active}>
      <div className="side train-side">
        <h1>Train</h1>
        <ResumeOffers />
        <LinkNote />
        <TrainForm />
        <RunOutcome />
        <ExportDialog />
      </div>
      <div className="train-plots">
        {idle ? (
          <NoRunYet />
        ) : (
          <>
            <RunCharts />
            <WhatItSees />
          </>
        )}
        {!active && <WhatItWillSee />}
      </div>
    </div>
  );
}
