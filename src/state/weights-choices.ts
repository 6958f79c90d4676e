import { BUNDLED_WEIGHTS_NAME } from '../base/bundled.ts';
import type { HubModelSummary, RunSummary, WeightsSource } from '../rpc/protocol.ts';

/** Weights, with what people call them. */
export interface NamedWeights {
  readonly source: WeightsSource;
  readonly name: string;
}

/** Whether weights are those that come with the studio, or were trained from them in one run. */
export function stemsFromBundled(source: WeightsSource, runs: readonly RunSummary[] | null): boolean {
  if (source.kind !== 'run') return source.kind === 'bundled';
  return runs?.find(({ id }) => id === source.runId)?.from === BUNDLED_WEIGHTS_NAME;
}

/** One of the weights that can be chosen. */
export interface WeightsOption extends NamedWeights {
  /** Names it for good: two runs of one name have two of these. */
  readonly value: string;
  readonly label: string;
}

/** Options under one heading. */
export interface WeightsGroup {
  readonly group: string;
  readonly items: readonly WeightsOption[];
}

export const BUNDLED_WEIGHTS: NamedWeights = { source: { kind: 'bundled' }, name: BUNDLED_WEIGHTS_NAME };

/** Tells one source from another; files are known by their names alone. */
export function weightsKey(source: WeightsSource): string {
  switch (source.kind) {
    case 'bundled':
      return 'bundled';
    case 'run':
      return `run ${source.runId} ${source.checkpoint}`;
    case 'hub':
      return `hub ${source.name}`;
    case 'files':
      return `files ${source.name}`;
  }
}

/**
 * The bundled weights, the checkpoints of every kept run (its best before its last), the models of the hub that are kept whole, and those of `others` that are none of
 * these, as files that were given, or a run that was deleted since.
 */
export function weightsOptions(
  runs: readonly RunSummary[] | null,
  others: readonly (NamedWeights | null)[],
  hub: readonly HubModelSummary[] | null = null,
): readonly WeightsGroup[] {
  const ofRuns = (runs ?? []).flatMap(optionsOfRun);
  const ofHub = (hub ?? [])
    .filter(({ complete }) => complete)
    .map(({ name }) => optionOf({ source: { kind: 'hub', name }, name }));
  const known = new Set([BUNDLED_WEIGHTS, ...ofRuns, ...ofHub].map(({ source }) => weightsKey(source)));
  const rest = others.flatMap((weights) => {
    if (weights === null || known.has(weightsKey(weights.source))) return [];
    known.add(weightsKey(weights.source));
    return [optionOf(weights)];
  });
  return [
    { group: 'Came with the studio', items: [optionOf(BUNDLED_WEIGHTS)] },
    { group: 'Runs in this browser', items: ofRuns },
    { group: 'From the hub', items: ofHub },
    { group: 'From files', items: rest.filter(({ source }) => source.kind === 'files') },
    { group: 'Chosen', items: rest.filter(({ source }) => source.kind !== 'files') },
  ].filter(({ items }) => items.length > 0);
}

/** What a file dialogue for weights offers. */
export const WEIGHTS_FILES = '.safetensors,.onnx,.json,.zip';

/** Files that a person chose as weights, called after the one that is no config; null where there is none. */
export function weightsOfFiles(files: readonly File[]): NamedWeights | null {
  const { name } = files.find((file) => !file.name.endsWith('.json')) ?? files[0] ?? {};
  if (name === undefined) return null;
  return { source: { kind: 'files', name, files: files.map((file) => ({ path: file.name, file })) }, name };
}

function optionsOfRun({ id, name, best, checkpointStep }: RunSummary): WeightsOption[] {
  const option = (checkpoint: 'best' | 'last', detail: string): WeightsOption => {
    const source = { kind: 'run', runId: id, checkpoint } as const;
    const called = `${name}, ${checkpoint}`;
    return { value: weightsKey(source), label: `${called} (${detail})`, source, name: called };
  };
  return [
    ...(best === null
      ? []
      : [option('best', best.map50 === null ? `step ${best.step}` : `AP50 ${best.map50.toFixed(2)}`)]),
    ...(checkpointStep === null ? [] : [option('last', `step ${checkpointStep}`)]),
  ];
}

function optionOf({ source, name }: NamedWeights): WeightsOption {
  return { value: weightsKey(source), label: name, source, name };
}
