import type { LoadedWeights } from './prediction.ts';

/** One of the weights that can predict. */
export interface WeightsOption {
  /** Names it for good: two runs have two of these. */
  readonly value: string;
  readonly label: string;
}

export const BUNDLED_OPTION: WeightsOption = { value: 'bundled', label: 'tiny, pretrained' };

/** The weights of a run by its name. */
export function runOption(name: string): WeightsOption {
  return { value: `run ${name}`, label: `run "${name}"` };
}

/** What is loaded; the bundled weights come first, so that they stand for what is not loaded yet. */
export function loadedOption(loaded: LoadedWeights | null): WeightsOption {
  if (loaded === null || loaded.source === 'bundled') return BUNDLED_OPTION;
  return loaded.source === 'run' ? runOption(loaded.name) : { value: 'file', label: loaded.name };
}

/** The bundled weights, those of the run just made (null where it has none), and what else is loaded, as an earlier run's. */
export function weightsOptions(loaded: LoadedWeights | null, runName: string | null): readonly WeightsOption[] {
  const offered = [BUNDLED_OPTION, ...(runName === null ? [] : [runOption(runName)])];
  const held = loadedOption(loaded);
  return offered.some(({ value }) => value === held.value) ? offered : [...offered, held];
}
