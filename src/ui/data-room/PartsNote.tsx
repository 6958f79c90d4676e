import type { ReactNode } from 'react';
import { useLibrary } from '../studio.ts';

/** Says which sets were made of the first pictures of this set or import, and so are deleted with it. */
export function PartsNote({ of }: { readonly of: string }): ReactNode {
  const sets = useLibrary((state) => state.sets);
  const parts = sets?.filter(({ picturesOf }) => picturesOf === of) ?? [];
  if (parts.length === 0) return null;
  const names = parts.map(({ name }) => `"${name}"`).join(', ');
  return <p className="small muted">Made of its pictures, and deleted with it: {names}.</p>;
}
