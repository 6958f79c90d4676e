import { Button, NativeSelect } from '@mantine/core';
import { type ReactNode, useEffect, useMemo } from 'react';
import type { DataSetSummary, RunSummary } from '../../rpc/protocol.ts';
import type { EvaluationChoice } from '../../state/evaluation.ts';
import { proposedChoice, splitChoices } from '../../state/evaluation-choices.ts';
import { weightsKey, weightsOptions } from '../../state/weights-choices.ts';
import { whole } from '../numbers.ts';
import { useAdapter, useEvaluation, useHub, useLibrary, useRuns, useStudio } from '../studio.ts';
import { EvaluationProgressLine } from './EvaluationProgressLine.tsx';
import { limitChoices } from './limit-choices.ts';
import { WeightsFileButton } from './WeightsFileButton.tsx';

const NO_RUNS: readonly RunSummary[] = [];

/** Which weights, which data set and split, how many pictures, and the button; while it runs, how far it is. */
export function EvaluateForm(): ReactNode {
  const { evaluation, hub } = useStudio();
  const models = useHub((state) => state.models);
  const sets = useLibrary((state) => state.sets);
  // Without the list of runs the other weights can be evaluated still; the Runs room says what is wrong.
  const runs = useRuns((state) => state.runs ?? (state.error === null ? null : NO_RUNS));
  const choice = useEvaluation((state) => state.choice);
  const limit = useEvaluation((state) => state.limit);
  const running = useEvaluation((state) => state.phase === 'running');
  const cancelling = useEvaluation((state) => state.cancelling);
  const cancelled = useEvaluation((state) => state.phase === 'cancelled');
  const slow = useAdapter((state) => state.report?.software === true);

  const groups = useMemo(
    () => weightsOptions(runs, [choice === null ? null : { source: choice.weights, name: choice.name }], models),
    [runs, choice, models],
  );
  const weights = useMemo(() => groups.flatMap(({ items }) => items), [groups]);
  const proposed = useMemo(
    () => (sets === null || runs === null ? null : proposedChoice(weights, runs, sets)),
    [weights, runs, sets],
  );
  useEffect(() => void hub.getState().refresh(), [hub]);
  const set = sets?.find(({ id }) => id === choice?.dataSetId);
  const splits = useMemo(() => (set === undefined ? [] : splitChoices(set)), [set]);
  useEffect(() => {
    if (choice === null && proposed !== null) evaluation.getState().choose(proposed);
    // Another room may have asked for a split that this set does not have.
    const instead = splits[0];
    if (choice !== null && instead !== undefined && !splits.includes(choice.split)) {
      evaluation.getState().choose({ ...choice, split: instead });
    }
  }, [choice, proposed, splits, evaluation]);
  const pictures = choice === null ? 0 : (set?.splits[choice.split] ?? 0);
  const change = (part: Partial<EvaluationChoice>): void => {
    if (choice !== null) evaluation.getState().choose({ ...choice, ...part });
  };

  return (
    <section className="evaluate-form" aria-label="What to evaluate">
      <NativeSelect
        className="evaluate-weights"
        label="Weights"
        value={choice === null ? '' : weightsKey(choice.weights)}
        data={
          choice === null
            ? [{ value: '', label: 'Loading' }]
            : groups.map(({ group, items }) => ({
                group,
                items: items.map(({ value, label }) => ({ value, label })),
              }))
        }
        disabled={choice === null || running}
        onChange={({ currentTarget }) => {
          const chosen = weights.find(({ value }) => value === currentTarget.value);
          if (chosen !== undefined) change({ weights: chosen.source, name: chosen.name });
        }}
      />
      <WeightsFileButton disabled={choice === null || running} />
      <NativeSelect
        className="evaluate-set"
        label="Data set"
        value={choice?.dataSetId ?? ''}
        data={setOptions(sets, choice)}
        disabled={choice === null || running}
        error={choice !== null && sets !== null && set === undefined ? 'It is no longer here' : false}
        onChange={({ currentTarget }) => {
          const other = sets?.find(({ id }) => id === currentTarget.value);
          const split = other === undefined ? undefined : splitChoices(other)[0];
          if (other !== undefined) change({ dataSetId: other.id, split: split ?? 'val' });
        }}
      />
      <NativeSelect
        className="evaluate-split"
        label="Split"
        value={choice?.split ?? ''}
        data={splits.length > 0 ? [...splits] : [choice?.split ?? '']}
        disabled={choice === null || running}
        onChange={({ currentTarget }) => change({ split: currentTarget.value })}
      />
      <NativeSelect
        className="evaluate-limit"
        label="Pictures"
        value={limit === null ? '' : String(limit)}
        data={limitChoices(pictures, limit).map((most) => ({
          value: most === null ? '' : String(most),
          label: most === null ? (pictures > 0 ? `all ${whole(pictures)}` : 'all') : `the first ${whole(most)}`,
        }))}
        disabled={choice === null || running}
        onChange={({ currentTarget }) => {
          evaluation.getState().setLimit(currentTarget.value === '' ? null : Number(currentTarget.value));
        }}
      />
      {running ? (
        <Button
          className="evaluate-button"
          variant="default"
          loading={cancelling}
          onClick={() => void evaluation.getState().cancel()}
        >
          Cancel
        </Button>
      ) : (
        <Button
          className="evaluate-button"
          disabled={choice === null || set === undefined || pictures === 0}
          onClick={() => void evaluation.getState().run()}
        >
          Evaluate
        </Button>
      )}
      <EvaluationProgressLine
        quiet={
          cancelled
            ? 'Cancelled. What was there before is unchanged.'
            : slow
              ? 'This browser computes on the processor, which is slow: a few pictures give a first idea.'
              : ''
        }
      />
    </section>
  );
}

function setOptions(sets: readonly DataSetSummary[] | null, choice: EvaluationChoice | null) {
  const options = (sets ?? []).map(({ id, name }) => ({ value: id, label: name }));
  if (sets === null || choice === null) return [{ value: '', label: 'Loading' }];
  const known = options.some(({ value }) => value === choice.dataSetId);
  return known ? options : [{ value: choice.dataSetId, label: 'deleted set' }, ...options];
}
