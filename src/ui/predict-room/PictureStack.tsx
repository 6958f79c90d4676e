import { Button } from '@mantine/core';
import type { KeyboardEvent, ReactNode } from 'react';
import { ErrorNote } from '../ErrorNote.tsx';
import { usePrediction } from '../studio.ts';
import { PictureCard } from './PictureCard.tsx';

/** The pictures as they came, newest first; the arrow keys go from one to the next. */
export function PictureStack(): ReactNode {
  const pictures = usePrediction((state) => state.pictures);
  const halted = usePrediction((state) => state.halted);
  const retry = usePrediction((state) => state.retry);
  const waiting = pictures.filter(({ status }) => status === 'waiting').length;

  return (
    <>
      {halted !== null && (
        <ErrorNote title="Predicting has stopped" message={halted.message}>
          <Button size="compact-sm" variant="default" mt={8} onClick={() => void retry()}>
            {waiting === 1 ? 'Try the picture that waits again' : `Try the ${waiting} pictures that wait again`}
          </Button>
        </ErrorNote>
      )}
      <section className="stack" aria-label="Pictures" onKeyDown={goByKey}>
        {pictures.map((picture) => (
          <PictureCard key={picture.id} picture={picture} />
        ))}
      </section>
    </>
  );
}

/** From one picture's name to another's; going there selects it. */
function goByKey(event: KeyboardEvent<HTMLElement>): void {
  if (!(event.target instanceof HTMLButtonElement) || !event.target.matches('.picture-name')) return;
  const names = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('.picture-name')];
  const at = names.indexOf(event.target);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: names.length - 1 }[event.key];
  const name = to === undefined ? undefined : names[to];
  if (name === undefined) return;
  event.preventDefault();
  name.focus({ preventScroll: true });
  name.closest('figure')?.scrollIntoView({ block: 'nearest' });
}
