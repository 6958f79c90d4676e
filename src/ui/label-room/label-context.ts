import { createContext, useContext } from 'react';
import { type StoreApi, useStore } from 'zustand';
import { StudioError } from '../../base/errors.ts';
import type { StageState } from '../../state/labelling/stage.ts';
import type { LabellingState } from '../../state/labelling/state.ts';
import { useColoursOf } from '../class-colour.ts';
import { useStudio } from '../studio.ts';

export const StageContext = createContext<StoreApi<StageState> | null>(null);

/** The stage's store, for reading it once in an event. Throws `internal` outside of the label room. */
export function useStageStore(): StoreApi<StageState> {
  const stage = useContext(StageContext);
  if (stage === null) throw new StudioError('internal', 'This part of the page stands outside of the label room.');
  return stage;
}

/** A part of what stands on the stage, kept up to date. */
export function useStage<Part>(part: (state: StageState) => Part): Part {
  return useStore(useStageStore(), part);
}

/** A part of the labels that are edited, kept up to date. */
export function useLabelling<Part>(part: (state: LabellingState) => Part): Part {
  return useStore(useStudio().labelling, part);
}

/** The colour of each class of the set that is labelled, by its name. */
export function useBoxColour(): (className: string) => string {
  return useColoursOf(useLabelling((state) => state.classes));
}
