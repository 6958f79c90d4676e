import type { StoreApi } from 'zustand/vanilla';
import { createLossStore, type LossState } from '../../state/losses.ts';
import type { Studio } from '../studio.ts';

const lossesByStudio = new WeakMap<object, StoreApi<LossState>>();

/** Watches a studio's kept sets and runs, one watch a page: called first when the page starts. */
export function lossesOf({ library, runs }: Pick<Studio, 'library' | 'runs'>): StoreApi<LossState> {
  const known = lossesByStudio.get(library);
  if (known !== undefined) return known;
  const made = createLossStore(
    {
      count: () => library.getState().sets?.filter(({ bundled }) => !bundled).length ?? null,
      subscribe: (onChange) => library.subscribe(onChange),
    },
    {
      count: () => runs.getState().runs?.length ?? null,
      subscribe: (onChange) => runs.subscribe(onChange),
    },
  );
  lossesByStudio.set(library, made);
  return made;
}
