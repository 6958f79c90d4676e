import { NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import type { LoadedWeights } from '../../state/prediction.ts';
import { hasWeights } from '../../state/run.ts';
import { bestEval } from '../../state/run-events.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { usePrediction, useRun, useStudio } from '../studio.ts';
import { FileButton } from './FileButton.tsx';

/** Which weights predict: the bundled ones, those of the run just made, or a file. */
export function WeightsChoice(): ReactNode {
  const { prediction, run } = useStudio();
  const weights = usePrediction((state) => state.weights);
  const loading = usePrediction((state) => state.loading);
  const error = usePrediction((state) => state.weightsError);
  const runName = useRun((state) => state.name);
  const runHasWeights = useRun(hasWeights);
  const runError = useRun((state) => state.error);

  const loaded = weights === null ? 'bundled' : choiceOf(weights);
  const options = choices(weights, runHasWeights ? runName : null);
  const choose = async (choice: string): Promise<void> => {
    if (choice === 'bundled') await prediction.getState().load('bundled', 'bundled');
    if (choice !== runChoice(runName)) return;
    const best = bestEval(run.getState().log.evals);
    const file = await run.getState().weights(best === null ? 'last' : 'best');
    if (file !== null) await prediction.getState().load(file, 'run', runName);
  };

  return (
    <>
      <NativeSelect
        size="sm"
        label="Weights"
        disabled={loading || weights === null}
        data={options}
        value={loaded}
        onChange={(event) => void choose(event.currentTarget.value)}
        description={weights === null ? 'Loading' : `${weights.classes.length} classes: ${weights.classes.join(', ')}`}
        descriptionProps={{ className: 'class-names' }}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
      />
      <FileButton label="Load weights" accept=".safetensors" variant="default" />
      {error !== null && <ErrorNote title="These weights were not loaded" message={error.message} />}
      {runError !== null && runHasWeights && (
        <ErrorNote title="The run's weights could not be had" message={runError.message} />
      )}
    </>
  );
}

/** The bundled weights, those of the run just made, and whatever else is loaded, such as an earlier run's. */
function choices(
  loaded: LoadedWeights | null,
  runName: string | null,
): { readonly value: string; readonly label: string }[] {
  const offered = [{ value: 'bundled', label: 'tiny, pretrained' }];
  if (runName !== null) offered.push({ value: runChoice(runName), label: runLabel(runName) });
  if (loaded !== null && !offered.some(({ value }) => value === choiceOf(loaded))) {
    offered.push({ value: choiceOf(loaded), label: loaded.source === 'run' ? runLabel(loaded.name) : loaded.name });
  }
  return offered;
}

function choiceOf({ source, name }: LoadedWeights): string {
  return source === 'run' ? runChoice(name) : source;
}

function runChoice(name: string): string {
  return `run ${name}`;
}

function runLabel(name: string): string {
  return `run "${name}"`;
}
