import type { DataSetSummary, RunSummary, WeightsSource } from '../rpc/protocol.ts';
import type { EvaluatedChoice, EvaluationChoice } from './evaluation.ts';

/** Weights that can be evaluated. */
export interface WeightsChoice {
  /** Names it for good. */
  readonly value: string;
  readonly name: string;
  readonly group: 'Runs' | 'Others';
  readonly source: WeightsSource;
}

/** Names a source for good; files are known by their names alone. */
export function sourceKey(source: WeightsSource): string {
  switch (source.kind) {
    case 'bundled':
      return 'bundled';
    case 'run':
      return `run ${source.checkpoint} ${source.runId}`;
    case 'files':
      return `files ${source.name}`;
  }
}

/**
 * The weights that can be chosen: of each run with a checkpoint its best ones, where it has some, and its last ones; the
 * bundled ones; and what is chosen already, as a dropped file, where it is none of these.
 */
export function weightsChoices(
  runs: readonly RunSummary[],
  bundledName: string,
  chosen: Pick<EvaluationChoice, 'weights' | 'name'> | null,
): readonly WeightsChoice[] {
  const ofRuns = runs
    .filter(({ checkpointStep }) => checkpointStep !== null)
    .flatMap(({ id, name, best, checkpointStep }): WeightsChoice[] => {
      const choice = (checkpoint: 'best' | 'last', step: number | null): WeightsChoice => {
        const source: WeightsSource = { kind: 'run', runId: id, checkpoint };
        const where = step === null ? checkpoint : `${checkpoint}, step ${step}`;
        return { value: sourceKey(source), name: `${name}, ${where}`, group: 'Runs', source };
      };
      return [...(best === null ? [] : [choice('best', best.step)]), choice('last', checkpointStep)];
    });
  const bundled: WeightsChoice = {
    value: 'bundled',
    name: bundledName,
    group: 'Others',
    source: { kind: 'bundled' },
  };
  const choices = [...ofRuns, bundled];
  if (chosen === null || choices.some(({ value }) => value === sourceKey(chosen.weights))) return choices;
  const group = chosen.weights.kind === 'run' ? 'Runs' : 'Others';
  return [...choices, { value: sourceKey(chosen.weights), name: chosen.name, group, source: chosen.weights }];
}

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
  weights: readonly WeightsChoice[],
  runs: readonly RunSummary[],
  sets: readonly DataSetSummary[],
): EvaluationChoice | null {
  const first = weights[0];
  if (first === undefined) return null;
  const { source } = first;
  const run = source.kind === 'run' ? runs.find(({ id }) => id === source.runId) : undefined;
  const set = sets.find(({ id }) => id === run?.dataSet.id) ?? sets[0];
  const split = set === undefined ? undefined : splitChoices(set)[0];
  if (set === undefined || split === undefined) return null;
  return { weights: source, name: first.name, dataSetId: set.id, split };
}

/** True where a result is of something else than what is chosen now. */
export function isOutdated(resultOf: EvaluatedChoice, choice: EvaluationChoice, limit: number | null): boolean {
  return (
    sourceKey(resultOf.weights) !== sourceKey(choice.weights) ||
    resultOf.dataSetId !== choice.dataSetId ||
    resultOf.split !== choice.split ||
    resultOf.limit !== limit
  );
}
