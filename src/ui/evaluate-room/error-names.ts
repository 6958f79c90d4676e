import type { ErrorKind } from '../../metrics/error-kinds.ts';

/** What the kinds of errors are called, and what each means. */
export const ERROR_NAMES: Readonly<Record<ErrorKind, { readonly name: string; readonly meaning: string }>> = {
  class: { name: 'Wrong class', meaning: 'At the right place, under another name.' },
  localisation: {
    name: 'Wrong place',
    meaning: 'The right class, but the box overlaps the true one by less than half.',
  },
  both: { name: 'Class and place', meaning: 'Near an object of another class.' },
  duplicate: { name: 'Found twice', meaning: 'The object has a better box already.' },
  background: { name: 'Nothing there', meaning: 'Hardly touches any object.' },
  missed: { name: 'Missed', meaning: 'An object without any box that is about it.' },
};
