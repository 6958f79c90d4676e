import { NativeSelect, UnstyledButton } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import type { RunSummary, WeightsSource } from '../../rpc/protocol.ts';
import { checkpointOf } from '../../state/runs.ts';
import { BUNDLED_START, type StartingWeights } from '../../state/train-form.ts';
import { useRuns, useTrainForm } from '../studio.ts';

/** More would be a list to search in, and the Runs room is one. */
const MOST_RUNS = 30;

/** From which weights the next run starts: those that came with the studio, those of a run, or a file. */
export function StartChoice({ disabled }: { readonly disabled: boolean }): ReactNode {
  const runs = useRuns((state) => state.runs);
  const from = useTrainForm((state) => state.from);
  const choose = useTrainForm((state) => state.choose);
  const input = useRef<HTMLInputElement>(null);

  const offered = [BUNDLED_START, ...(runs ?? []).flatMap(startOf).slice(0, MOST_RUNS)];
  const there = offered.some(({ source }) => keyOf(source) === keyOf(from.source));
  const options = there ? offered : [...offered, from];
  return (
    <div className="start-choice">
      <NativeSelect
        size="sm"
        label="Start from"
        disabled={disabled}
        value={keyOf(from.source)}
        data={options.map(({ source, name }) => ({ value: keyOf(source), label: name }))}
        onChange={(event) => {
          const chosen = options.find(({ source }) => keyOf(source) === event.currentTarget.value);
          if (chosen !== undefined) choose({ from: chosen });
        }}
      />
      <UnstyledButton className="more" disabled={disabled} onClick={() => input.current?.click()}>
        From a file
      </UnstyledButton>
      <input
        ref={input}
        type="file"
        aria-label="From a file"
        accept=".safetensors,.json,.zip"
        multiple
        hidden
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          // So that the same file can be chosen again.
          event.currentTarget.value = '';
          const first = files.find(({ name }) => !name.endsWith('.json')) ?? files[0];
          if (first === undefined) return;
          const given = files.map((file) => ({ path: file.name, file }));
          choose({ from: { source: { kind: 'files', name: first.name, files: given }, name: first.name } });
        }}
      />
    </div>
  );
}

function startOf(run: RunSummary): StartingWeights[] {
  const checkpoint = run.status === 'going' ? null : checkpointOf(run);
  if (checkpoint === null) return [];
  return [{ source: { kind: 'run', runId: run.id, checkpoint }, name: `${run.name}, ${checkpoint}` }];
}

function keyOf(source: WeightsSource): string {
  if (source.kind === 'bundled') return 'bundled';
  return source.kind === 'files' ? 'files' : `run ${source.runId} ${source.checkpoint}`;
}
