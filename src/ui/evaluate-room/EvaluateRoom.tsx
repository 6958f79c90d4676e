import type { ReactNode } from 'react';
import { ErrorNote } from '../ErrorNote.tsx';
import { useEvaluation } from '../studio.ts';
import { EvaluateForm } from './EvaluateForm.tsx';
import { NothingEvaluated } from './NothingEvaluated.tsx';
import { Results } from './Results.tsx';
import './evaluate.css';

/** Evaluate: what to evaluate above, what came of it below; results stay while one looks at other rooms. */
export function EvaluateRoom(): ReactNode {
  const error = useEvaluation((state) => state.error);
  const result = useEvaluation((state) => state.result);
  const resultOf = useEvaluation((state) => state.resultOf);
  return (
    <div className="evaluate-room">
      <h1 className="only-read-aloud">Evaluate</h1>
      <EvaluateForm />
      {error !== null && <ErrorNote title="The evaluation did not come about" message={error.message} />}
      {result === null || resultOf === null ? <NothingEvaluated /> : <Results result={result} resultOf={resultOf} />}
    </div>
  );
}
