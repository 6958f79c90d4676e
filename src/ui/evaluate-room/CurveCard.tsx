import { Button, NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import { fixed } from '../numbers.ts';
import { useEvaluation } from '../studio.ts';
import { CurvePlot } from './CurvePlot.tsx';
import type { Analysis } from './use-analysis.ts';

export interface CurveCardProps {
  readonly classes: readonly string[];
  readonly analysis: Analysis;
}

/** Precision against recall, with the confidence at which everything beside and below is counted. */
export function CurveCard({ classes, analysis }: CurveCardProps): ReactNode {
  const classId = useEvaluation((state) => state.classId);
  const chooseClass = useEvaluation((state) => state.chooseClass);
  const setConfidence = useEvaluation((state) => state.setConfidence);
  const moved = useEvaluation((state) => state.confidence !== null);
  const { curve, confidence, point } = analysis;
  const name = classId === null ? 'all classes' : (classes[classId] ?? '');
  return (
    <section className="card evaluate-card" aria-labelledby="curve-title">
      <div className="evaluate-card-head">
        <h2 id="curve-title">Precision and recall</h2>
        <NativeSelect
          className="curve-class"
          size="xs"
          aria-label="Curve of"
          value={classId === null ? '' : String(classId)}
          data={[{ value: '', label: 'all classes' }, ...classes.map((label, id) => ({ value: String(id), label }))]}
          onChange={({ currentTarget }) => chooseClass(currentTarget.value === '' ? null : Number(currentTarget.value))}
        />
      </div>
      <p className="only-read-aloud">
        {curve.scores.length === 0
          ? `There is no curve of ${name}: there are no such objects, or nothing was found.`
          : `Precision against recall of ${name}. ${sentence(point.precision, point.recall, point.f1, confidence)}`}
      </p>
      <CurvePlot classId={classId} analysis={analysis} name={name} onConfidence={setConfidence} />
      <div className="curve-point">
        <dl>
          <Part name="confidence" value={fixed(confidence, 2)} />
          <Part name="precision" value={fixed(point.precision, 2)} />
          <Part name="recall" value={fixed(point.recall, 2)} />
          <Part name="F1" value={fixed(point.f1, 2)} />
        </dl>
        <Button size="compact-xs" variant="subtle" disabled={!moved} onClick={() => setConfidence(null)}>
          Best F1
        </Button>
      </div>
    </section>
  );
}

function Part({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function sentence(precision: number | null, recall: number, f1: number, confidence: number): string {
  if (precision === null) return `No box reaches the confidence ${fixed(confidence, 2)}.`;
  return `At confidence ${fixed(confidence, 2)} precision is ${fixed(precision, 2)}, recall ${fixed(recall, 2)} and F1 ${fixed(f1, 2)}.`;
}
