import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useEvaluation, useRuns } from '../studio.ts';

/** What stands below the form before the first result. */
export function NothingEvaluated(): ReactNode {
  const running = useEvaluation((state) => state.phase === 'running');
  const runs = useRuns((state) => state.runs);
  const withWeights = runs?.some(({ checkpointStep }) => checkpointStep !== null) ?? true;
  return (
    <div className="calm">
      <Drawing />
      <h2>{running ? 'Evaluating' : 'Nothing has been evaluated yet'}</h2>
      <p>
        {running
          ? 'The figures come when all pictures have been looked at.'
          : 'Choose weights and a split above, then Evaluate. You will see how much is found and how much of it is right, what is taken for what, and the pictures where it goes most wrong.'}
      </p>
      {!withWeights && !running && (
        <>
          <p>
            The pretrained weights know some classes of the sample set only. A short run on a data set gives weights
            that know them all.
          </p>
          <Button component={Link} href="/train" variant="default" mt={8}>
            Train first
          </Button>
        </>
      )}
    </div>
  );
}

function Drawing(): ReactNode {
  return (
    <svg className="evaluate-drawing" width={168} height={92} viewBox="0 0 168 92" fill="none" aria-hidden="true">
      <path className="axis" d="M10 6v76h76" />
      <path className="grid" d="M10 62h76M10 42h76M10 22h76" />
      <path className="curve" d="M10 14c30 0 48 4 58 16s13 30 14 52" />
      <circle className="handle" cx={63} cy={25} r={5} />
      {[0, 1, 2].flatMap((row) =>
        [0, 1, 2].map((column) => (
          <rect
            key={`${row} ${column}`}
            className={row === column ? 'hit' : 'cell'}
            x={104 + 20 * column}
            y={16 + 20 * row}
            width={18}
            height={18}
            rx={3}
          />
        )),
      )}
    </svg>
  );
}
