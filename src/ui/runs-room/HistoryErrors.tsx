import type { ReactNode } from 'react';
import { ErrorNote } from '../ErrorNote.tsx';
import type { Histories } from './use-histories.ts';

/** Says of which runs the curves cannot be shown, and why; the others are shown all the same. */
export function HistoryErrors({ errors }: { readonly errors: Histories['errors'] }): ReactNode {
  return errors.map(({ run, error }) => (
    <ErrorNote key={run.id} title={`The curves of “${run.name}” cannot be read`} message={error.message} />
  ));
}
