import { useMemo } from 'react';
import { classColour } from '../base/class-colours.ts';
import { usePreferences } from './studio.ts';

/** The colour `#rrggbb` of a class: the one that was chosen for its name, else that of its label id. */
export type ClassColour = (name: string, labelId: number) => string;

/** The colours of classes as a person wants them; the same function until another one is chosen. */
export function useClassColour(): ClassColour {
  const chosen = usePreferences((state) => state.classColours);
  return useMemo(() => {
    const places = new Map(Object.entries(chosen));
    return (name, labelId) => classColour(places.get(name) ?? labelId);
  }, [chosen]);
}
