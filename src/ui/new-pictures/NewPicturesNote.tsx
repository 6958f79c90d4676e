import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { addedWords } from '../../state/new-pictures.ts';
import { useLibrary, useNewPictures } from '../studio.ts';

/** What came of the last pictures that were added, with the way to label them. */
export function NewPicturesNote(): ReactNode {
  const result = useNewPictures((state) => state.result);
  const dismiss = useNewPictures((state) => state.dismissResult);
  const first = useLibrary((state) =>
    result === null ? undefined : state.indexes[result.summary.id]?.samples.at(-result.added)?.id,
  );
  if (result === null) return null;
  return (
    <div className="said new-pictures-note" role="status">
      <p>{addedWords(result)}</p>
      <div className="note-buttons">
        {result.added > 0 && first !== undefined && (
          <Button
            component="a"
            variant="default"
            size="compact-sm"
            href={`#/label?${new URLSearchParams({ set: result.summary.id, picture: first })}`}
          >
            Label them
          </Button>
        )}
        <Button variant="subtle" size="compact-sm" onClick={dismiss}>
          Dismiss
        </Button>
      </div>
    </div>
  );
}
