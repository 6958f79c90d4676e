import { NativeSelect, UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import type { RunSummary } from '../../rpc/protocol.ts';
import { checkpointOf } from '../../state/runs.ts';
import {
  BUNDLED_WEIGHTS,
  type NamedWeights,
  WEIGHTS_FILES,
  weightsKey,
  weightsOfFiles,
} from '../../state/weights-choices.ts';
import { FileDialogInput, useFileDialog } from '../FileDialog.tsx';
import { useRuns, useTrainForm } from '../studio.ts';

/** More would be a list to search in, and the Runs room is one. */
const MOST_RUNS = 30;

/** From which weights the next run starts: those that came with the studio, those of a run, or a file. */
export function StartChoice({ disabled }: { readonly disabled: boolean }): ReactNode {
  const runs = useRuns((state) => state.runs);
  const from = useTrainForm((state) => state.from);
  const choose = useTrainForm((state) => state.choose);
  const dialog = useFileDialog();

  const offered = [BUNDLED_WEIGHTS, ...(runs ?? []).flatMap(startOf).slice(0, MOST_RUNS)];
  const there = offered.some(({ source }) => weightsKey(source) === weightsKey(from.source));
  const options = there ? offered : [...offered, from];
  return (
    <div className="start-choice">
      <NativeSelect
        size="sm"
        label="Start from"
        disabled={disabled}
        value={weightsKey(from.source)}
        data={options.map(({ source, name }) => ({ value: weightsKey(source), label: name }))}
        onChange={(event) => {
          const chosen = options.find(({ source }) => weightsKey(source) === event.currentTarget.value);
          if (chosen !== undefined) choose({ from: chosen });
        }}
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

function startOf(run: RunSummary): NamedWeights[] {
  const checkpoint = run.status === 'going' ? null : checkpointOf(run);
  if (checkpoint === null) return [];
  return [{ source: { kind: 'run', runId: run.id, checkpoint }, name: `${run.name}, ${checkpoint}` }];
}
