import type { ReactNode } from 'react';
import { ErrorNote } from '../ErrorNote.tsx';
import { useEvaluation, useLibrary } from '../studio.ts';
import { EvaluateForm } from './EvaluateForm.tsx';
import { NothingEvaluated } from './NothingEvaluated.tsx';
import { Results } from './Results.tsx';
import './evaluate.css';

/** Evaluate: what to evaluate above, what came of it below; results stay while one looks at other rooms. */
export function EvaluateRoom(): ReactNode {
  const error = useEvaluation((state) => state.error);
  const result = useEvaluation((state) => state.result);
  const resultOf = useEvaluation((state) => state.resultOf);
  const noSets = useLibrary((state) => (state.sets === null ? state.error : null));
  return (
    <div className="evaluate-room">
      <h1 className="only-read-aloud">Evaluate</h1>
      <EvaluateForm />
      {noSets !== null && <ErrorNote title="The data sets cannot be listed" message={noSets.message} />}
      {error !== null && <ErrorNote title="The evaluation did not come about" message={error.message} />}
      {result === null || resultOf === null ? <NothingEvaluated /> : <Results result={result} resultOf={resultOf} />}
    </div>
  );
}
