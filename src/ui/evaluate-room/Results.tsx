import { type ReactNode, useId } from 'react';
import type { EvaluationResult } from '../../rpc/protocol.ts';
import type { EvaluatedChoice } from '../../state/evaluation.ts';
import { isOutdated } from '../../state/evaluation-choices.ts';
import { whole } from '../numbers.ts';
import { useEvaluation } from '../studio.ts';
import { ClassTable } from './ClassTable.tsx';
import { CocoFigures } from './CocoFigures.tsx';
import { ConfusionCard } from './ConfusionCard.tsx';
import { CurveCard } from './CurveCard.tsx';
import { ErrorKindsCard } from './ErrorKindsCard.tsx';
import { Headline } from './Headline.tsx';
import { LabelDoubtsCard } from './LabelDoubtsCard.tsx';
import { PicturesCard } from './PicturesCard.tsx';
import { useAnalysis } from './use-analysis.ts';

export interface ResultsProps {
  readonly result: EvaluationResult;
  readonly resultOf: EvaluatedChoice;
}

/** What an evaluation found, marked where something else is chosen by now. */
export function Results({ result, resultOf }: ResultsProps): ReactNode {
  const analysis = useAnalysis(result);
  const outdated = useEvaluation(({ choice, limit }) => choice !== null && isOutdated(resultOf, choice, limit));
  const titleId = useId();
  const left = result.problems.length;
  return (
    <section className="evaluate-results" aria-labelledby={titleId}>
      <h2 id={titleId} className="only-read-aloud">
        What was found
      </h2>
      <Headline result={result} resultOf={resultOf} best={analysis.best} outdated={outdated} />
      {left > 0 && (
        <details className="said">
          <summary>
            {left === 1 ? '1 picture could not be read and was' : `${whole(left)} pictures could not be read and were`}{' '}
            left out
          </summary>
          <ul>
            {result.problems.slice(0, 100).map(({ file, reason }) => (
              <li key={file}>
                {file}: {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
      <div className="evaluate-cards">
        <ClassTable result={result} />
        <CurveCard classes={result.classes} analysis={analysis} />
        <ConfusionCard classes={result.classes} matrix={analysis.confusion} />
      </div>
      <div className="evaluate-below">
        <div className="evaluate-side">
          <ErrorKindsCard errors={analysis.errors} />
          <CocoFigures coco={result.report.coco} />
        </div>
        <PicturesCard result={result} dataSetId={resultOf.dataSetId} analysis={analysis} />
      </div>
      <LabelDoubtsCard dataSetId={resultOf.dataSetId} />
    </section>
  );
}
