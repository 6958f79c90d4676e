import { type StoreApi, useStore } from 'zustand';
import { createDropStore, type DropState } from '../../state/drop.ts';
import { listZip } from '../../state/list-zip.ts';
import { type Studio, useStudio } from '../studio.ts';

/** The page has one studio and so one of these, which every room shares. */
const dropOf = new WeakMap<Studio, StoreApi<DropState>>();

/** What takes everything that is dropped, pasted or chosen. */
export function useDropStore(): StoreApi<DropState> {
  const studio = useStudio();
  const known = dropOf.get(studio);
  if (known !== undefined) return known;
  const made = createDropStore({ library: studio.library, prediction: studio.prediction, listZip });
  dropOf.set(studio, made);
  return made;
}

/** A part of what became of the last drop, kept up to date. */
export function useDrop<Part>(part: (state: DropState) => Part): Part {
  return useStore(useDropStore(), part);
}
