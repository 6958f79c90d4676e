import { NativeSelect, UnstyledButton } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { bytesText } from '../../base/bytes-text.ts';
import type { HubModelSummary, RunSummary } from '../../rpc/protocol.ts';
import { hubEntries, hubWeights } from '../../state/hub.ts';
import { checkpointOf } from '../../state/runs.ts';
import {
  BUNDLED_WEIGHTS,
  type NamedWeights,
  WEIGHTS_FILES,
  weightsKey,
  weightsOfFiles,
} from '../../state/weights-choices.ts';
import { FileDialogInput, useFileDialog } from '../FileDialog.tsx';
import { LazyHubDialog } from '../hub/LazyHubDialog.tsx';
import { useHub, useRuns, useStudio, useTrainForm } from '../studio.ts';

/** More would be a list to search in, and the Runs room is one. */
const MOST_RUNS = 30;

/** In place of a key of weights: opens the models of the hub. */
const OPEN_HUB = 'open the hub';

/** From which weights the next run starts: those that came with the studio, of the hub, of a run, or in a file. */
export function StartChoice({ disabled }: { readonly disabled: boolean }): ReactNode {
  const runs = useRuns((state) => state.runs);
  const from = useTrainForm((state) => state.from);
  const choose = useTrainForm((state) => state.choose);
  const dialog = useFileDialog();

  const { hub } = useStudio();
  const models = useHub((state) => state.models);
  const [showsHub, setShowsHub] = useState(false);
  useEffect(() => void hub.getState().refresh(), [hub]);

  const ofRuns = (runs ?? []).flatMap(startOf).slice(0, MOST_RUNS);
  const kept = (models ?? []).filter(({ complete }) => complete).map(({ name }) => hubWeights(name));
  const offered = [BUNDLED_WEIGHTS, ...kept, ...ofRuns];
  const there = offered.some(({ source }) => weightsKey(source) === weightsKey(from.source));
  const options = there ? offered : [...offered, from];
  const optionOf = ({ source, name }: NamedWeights) => ({ value: weightsKey(source), label: name });
  const groups = [
    { group: 'Came with the studio', items: [optionOf(BUNDLED_WEIGHTS)] },
    { group: 'Models of the hub', items: [...kept.map(optionOf), ...toFetch(models)] },
    { group: 'Runs in this browser', items: ofRuns.map(optionOf) },
    { group: 'Chosen', items: there ? [] : [optionOf(from)] },
  ];
  return (
    <div className="start-choice">
      <NativeSelect
        size="sm"
        label="Start from"
        disabled={disabled}
        value={weightsKey(from.source)}
        data={groups.filter(({ items }) => items.length > 0)}
        onChange={(event) => {
          const { value } = event.currentTarget;
          const chosen = options.find(({ source }) => weightsKey(source) === value);
          if (chosen !== undefined) choose({ from: chosen });
          else setShowsHub(true);
        }}
      />
      <LazyHubDialog
        opened={showsHub}
        onClose={() => setShowsHub(false)}
        onUse={(weights) => choose({ from: weights })}
      />
      <UnstyledButton className="more" disabled={disabled} onClick={dialog.open}>
        From a file
      </UnstyledButton>
      <FileDialogInput
        dialog={dialog}
        label="From a file"
        accept={WEIGHTS_FILES}
        onFiles={(files) => {
          const weights = weightsOfFiles(files);
          if (weights !== null) choose({ from: weights });
        }}
      />
    </div>
  );
}

/** What is offered and not here yet, with what it takes, and any other. */
function toFetch(models: readonly HubModelSummary[] | null) {
  const absent = hubEntries(models).filter(({ kept }) => kept?.complete !== true);
  return [
    ...absent.map(({ name, title, bytes }) => ({
      value: `${OPEN_HUB} ${name}`,
      label: `${title ?? name}${bytes === null ? '' : `, ${bytesText(bytes)}`} to fetch`,
    })),
    { value: OPEN_HUB, label: 'Another model' },
  ];
}

function startOf(run: RunSummary): NamedWeights[] {
  const checkpoint = run.status === 'going' ? null : checkpointOf(run);
  if (checkpoint === null) return [];
  return [{ source: { kind: 'run', runId: run.id, checkpoint }, name: `${run.name}, ${checkpoint}` }];
}
