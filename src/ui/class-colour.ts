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

/** The colour of each class of a list by its name; a class that is not in it gets that of the next label id. */
export function useColoursOf(classes: readonly string[]): (className: string) => string {
  const colourOf = useClassColour();
  return useMemo(() => {
    const colours = new Map(classes.map((name, labelId) => [name, colourOf(name, labelId)]));
    return (className) => colours.get(className) ?? colourOf(className, classes.length);
  }, [classes, colourOf]);
}
