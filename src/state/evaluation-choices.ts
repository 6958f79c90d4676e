import type { DataSetSummary, RunSummary } from '../rpc/protocol.ts';
import type { EvaluatedChoice, EvaluationChoice } from './evaluation.ts';
import { type NamedWeights, weightsKey } from './weights-choices.ts';

/** The splits of a set that hold pictures, the one to evaluate on first: `val`, else one that is not trained on. */
export function splitChoices(set: Pick<DataSetSummary, 'splits'>): readonly string[] {
  const rank = (split: string): number => (split === 'val' ? 0 : split === 'train' ? 2 : 1);
  return Object.entries(set.splits)
    .filter(([, pictures]) => pictures > 0)
    .map(([split]) => split)
    .sort((a, b) => rank(a) - rank(b));
}

/**
 * What the room proposes before anything is chosen: the newest run's best weights on its own data set, where both are still
 * there, else the first weights on the first set. Null where there is no set with pictures.
 */
export function proposedChoice(
  weights: readonly NamedWeights[],
  runs: readonly RunSummary[],
  sets: readonly DataSetSummary[],
): EvaluationChoice | null {
  const first = weights.find(({ source }) => source.kind === 'run') ?? weights[0];
  if (first === undefined) return null;
  const { source, name } = first;
  const run = source.kind === 'run' ? runs.find(({ id }) => id === source.runId) : undefined;
  const set = sets.find(({ id }) => id === run?.dataSet.id) ?? sets[0];
  const split = set === undefined ? undefined : splitChoices(set)[0];
  if (set === undefined || split === undefined) return null;
  return { weights: source, name, dataSetId: set.id, split };
}

/** True where a result is of something else than what is chosen now. */
export function isOutdated(resultOf: EvaluatedChoice, choice: EvaluationChoice, limit: number | null): boolean {
  return (
    weightsKey(resultOf.weights) !== weightsKey(choice.weights) ||
    resultOf.dataSetId !== choice.dataSetId ||
    resultOf.split !== choice.split ||
    resultOf.limit !== limit
  );
}
