import { NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import { hasWeights } from '../../state/run.ts';
import { bestEval } from '../../state/run-events.ts';
import { BUNDLED_OPTION, loadedOption, runOption, weightsOptions } from '../../state/weights-choices.ts';
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

  const options = weightsOptions(weights, runHasWeights ? runName : null);
  const choose = async (choice: string): Promise<void> => {
    if (choice === BUNDLED_OPTION.value) await prediction.getState().load('bundled', 'bundled');
    if (choice !== runOption(runName).value) return;
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
        data={[...options]}
        value={loadedOption(weights).value}
        onChange={(event) => void choose(event.currentTarget.value)}
        description={
          weights !== null
            ? `${weights.classes.length} classes: ${weights.classes.join(', ')}`
            : error === null
              ? 'Loading'
              : 'Not loaded'
        }
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
