import { useState } from 'react';
import { type StudioError, toStudioError } from '../../base/errors.ts';
import type { DataSetSummary } from '../../rpc/protocol.ts';
import { refuseWithoutSpace } from '../../state/space.ts';
import { useStudio } from '../studio.ts';

/** A copy that is made of a set, which can be edited and is shown then. */
export interface SetCopying {
  readonly copying: boolean;
  readonly error: StudioError | null;
  /** The copy, or null where there was none to be had. */
  copy(set: DataSetSummary): Promise<DataSetSummary | null>;
}

/** Copies a set where there is room for it, and shows the copy. */
export function useCopySet(): SetCopying {
  const { files, library } = useStudio();
  const [copying, setCopying] = useState(false);
  const [error, setError] = useState<StudioError | null>(null);
  return {
    copying,
    error,
    copy: async (set) => {
      setCopying(true);
      setError(null);
      try {
        const freeBytes = library.getState().space?.freeBytes ?? null;
        refuseWithoutSpace(`${set.name} copy`, {
          neededBytes: set.bytes,
          freeBytes,
          atLeast: false,
          persisted: null,
        });
        const made = await files.copyDataSet(set.id);
        await library.getState().refresh();
        library.getState().choose(made.id);
        return made;
      } catch (thrown) {
        setError(toStudioError(thrown));
        return null;
      } finally {
        setCopying(false);
      }
    },
  };
}
