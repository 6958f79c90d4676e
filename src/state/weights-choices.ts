import { BUNDLED_WEIGHTS_NAME } from '../base/bundled.ts';
import type { RunSummary, WeightsSource } from '../rpc/protocol.ts';
import type { LoadedWeights } from './prediction.ts';

/** One of the weights that can predict. */
export interface WeightsOption {
  /** Names it for good: two runs of one name have two of these. */
  readonly value: string;
  readonly label: string;
  readonly source: WeightsSource;
  /** What it is called once it is loaded. */
  readonly name: string;
}

/** Options under one heading. */
export interface WeightsGroup {
  readonly group: string;
  readonly items: readonly WeightsOption[];
}

export const BUNDLED_OPTION: WeightsOption = {
  value: 'bundled',
  label: BUNDLED_WEIGHTS_NAME,
  source: { kind: 'bundled' },
  name: BUNDLED_WEIGHTS_NAME,
};

/** By which an option of the select is known. */
export function optionValue(source: WeightsSource): string {
  if (source.kind === 'run') return `run ${source.runId} ${source.checkpoint}`;
  return source.kind === 'bundled' ? BUNDLED_OPTION.value : 'files';
}

/**
 * The bundled weights, the checkpoints of every kept run (its best before its last), the files that were given last, and
 * what is loaded but in none of these, as a run that was deleted since.
 */
export function weightsOptions(
  runs: readonly RunSummary[] | null,
  given: LoadedWeights | null,
  loaded: LoadedWeights | null,
): readonly WeightsGroup[] {
  const ofRuns = (runs ?? []).flatMap(optionsOfRun);
  const ofFiles = given === null ? [] : [optionOf(given)];
  const known = [BUNDLED_OPTION, ...ofRuns, ...ofFiles].map(({ value }) => value);
  const held = loaded === null || known.includes(optionValue(loaded.source)) ? [] : [optionOf(loaded)];
  return [
    { group: 'Came with the studio', items: [BUNDLED_OPTION] },
    { group: 'Runs in this browser', items: ofRuns },
    { group: 'From files', items: ofFiles },
    { group: 'Loaded', items: held },
  ].filter(({ items }) => items.length > 0);
}

function optionsOfRun({ id, name, best, checkpointStep }: RunSummary): WeightsOption[] {
  const option = (checkpoint: 'best' | 'last', detail: string): WeightsOption => {
    const source = { kind: 'run', runId: id, checkpoint } as const;
    return {
      value: optionValue(source),
      label: `${name}, ${checkpoint} (${detail})`,
      source,
      name: `${name}, ${checkpoint}`,
    };
  };
  return [
    ...(best === null
      ? []
      : [option('best', `${best.map50 === null ? `step ${best.step}` : `AP50 ${best.map50.toFixed(2)}`}`)]),
    ...(checkpointStep === null ? [] : [option('last', `step ${checkpointStep}`)]),
  ];
}

function optionOf({ source, name }: LoadedWeights): WeightsOption {
  return { value: optionValue(source), label: name, source, name };
}
