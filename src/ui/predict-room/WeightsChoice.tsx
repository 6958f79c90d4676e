import { Button, NativeSelect } from '@mantine/core';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { BUNDLED_WEIGHTS, WEIGHTS_FILES, weightsKey, weightsOptions } from '../../state/weights-choices.ts';
import { ErrorNote } from '../ErrorNote.tsx';
import { ExportButton } from '../export/ExportButton.tsx';
import { LazyHubDialog } from '../hub/LazyHubDialog.tsx';
import { useHub, usePrediction, useRuns, useStudio } from '../studio.ts';
import { EngineChoice } from './EngineChoice.tsx';
import { FileButton } from './FileButton.tsx';

/** Which weights predict: the bundled ones, those of any kept run, or files. */
export function WeightsChoice(): ReactNode {
  const { prediction, runs: runsStore, hub } = useStudio();
  const weights = usePrediction((state) => state.weights);
  const given = usePrediction((state) => state.given);
  const loading = usePrediction((state) => state.loading);
  const error = usePrediction((state) => state.weightsError);
  const runs = useRuns((state) => state.runs);
  const models = useHub((state) => state.models);
  const groups = useMemo(() => weightsOptions(runs, [given, weights], models), [runs, given, weights, models]);
  const [showsHub, setShowsHub] = useState(false);

  // A run may have got its first checkpoint since the list was made.
  useEffect(() => {
    void runsStore.getState().refresh();
    void hub.getState().refresh();
  }, [runsStore, hub]);

  const choose = (value: string): void => {
    const option = groups.flatMap(({ items }) => items).find((other) => other.value === value);
    if (option !== undefined) void prediction.getState().load(option.source, option.name);
  };

  return (
    <>
      <NativeSelect
        size="sm"
        label="Weights"
        disabled={loading}
        data={groups.map(({ group, items }) => ({
          group,
          items: items.map(({ value, label }) => ({ value, label })),
        }))}
        value={weightsKey((weights ?? BUNDLED_WEIGHTS).source)}
        onChange={(event) => choose(event.currentTarget.value)}
        description={loading ? 'Loading' : weights === null ? 'Not loaded' : classesText(weights.classes)}
        descriptionProps={{ className: 'class-names' }}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
      />
      <div className="weights-buttons">
        <FileButton label="Load weights" accept={WEIGHTS_FILES} variant="default" size="xs" />
        <FileButton label="Choose a folder" accept="folder" variant="subtle" size="xs" />
        <Button size="xs" variant="subtle" onClick={() => setShowsHub(true)}>
          From the hub
        </Button>
        {weights?.engines.includes('detrain') === true && <ExportButton weights={weights} size="xs" />}
      </div>
      <LazyHubDialog
        opened={showsHub}
        onClose={() => setShowsHub(false)}
        onUse={({ source, name }) => void prediction.getState().load(source, name)}
      />
      <EngineChoice />
      {error !== null && (
        <ErrorNote title="These weights were not loaded" message={error.message}>
          {weights === null ? (
            <Button size="compact-sm" variant="default" mt={8} onClick={() => void prediction.getState().loadAny()}>
              Load the bundled weights
            </Button>
          ) : (
            <p className="muted">"{weights.name}" stays loaded.</p>
          )}
        </ErrorNote>
      )}
    </>
  );
}

function classesText(classes: readonly string[]): string {
  return `${classes.length === 1 ? '1 class' : `${classes.length} classes`}: ${classes.join(', ')}`;
}
