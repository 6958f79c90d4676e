import type { ModelFacts } from '../interop/types.ts';
import type { CheckpointKind, EvalRecord, StepRecord } from './types.ts';

/** What a run knows of itself, from its record in the browser or from its run.json. */
export interface RunOrigin {
  readonly name: string;
  readonly from: string | null;
  readonly dataSet: ModelFacts['dataSet'];
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The facts of one of a run's checkpoints. The best is the first evaluation with the highest AP50, the last the last one. */
export function runFacts(
  { name, from, dataSet, settings }: RunOrigin,
  { steps, evals }: { readonly steps: readonly StepRecord[]; readonly evals: readonly EvalRecord[] },
  kind: CheckpointKind,
): ModelFacts {
  const best = evals.reduce<EvalRecord | undefined>(
    (found, each) => (found === undefined || (each.eval.voc.map50 ?? -1) > (found.eval.voc.map50 ?? -1) ? each : found),
    undefined,
  );
  const measured = kind === 'best' ? best : evals.at(-1);
  return {
    name,
    from,
    dataSet,
    settings,
    metrics: measured === undefined ? null : metricsOf(measured),
    curve: {
      losses: steps.map(({ step, loss }) => ({ step, loss })),
      evals: evals.map(({ step, eval: report }) => ({ step, map50: report.voc.map50 })),
    },
  };
}

/** The facts of weights that belong to no run. */
export function weightsFacts(name: string): ModelFacts {
  return { name, from: null, dataSet: null, settings: null, metrics: null, curve: { losses: [], evals: [] } };
}

function metricsOf({ step, eval: { voc, coco } }: EvalRecord): ModelFacts['metrics'] {
  const ap50OfClass = Object.fromEntries(Object.entries(voc.per_class).map(([label, { ap50 }]) => [label, ap50]));
  return { step, map50: voc.map50, AP: coco.AP, ap50OfClass };
}
