import type { ReactNode } from 'react';
import { useRun } from '../studio.ts';
import { NoRunYet } from './NoRunYet.tsx';
import { RunCharts } from './RunCharts.tsx';
import { RunOutcome } from './RunOutcome.tsx';
import { TrainForm } from './TrainForm.tsx';
import './train.css';
import { WhatItSees } from './WhatItSees.tsx';

/** Train: the form at the left, what comes of it at the right. */
export function TrainRoom(): ReactNode {
  const idle = useRun((state) => state.phase === 'idle');
  return (
    <div className="train-room">
      <div className="side train-side">
        <h1>Train</h1>
        <TrainForm />
        <RunOutcome />
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
      </div>
    </div>
  );
}
