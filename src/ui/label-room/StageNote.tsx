import type { ReactNode } from 'react';
import { useLabelling, useStage } from './label-context.ts';

/** A line over the picture: how the box that is begun goes on, or for a moment what a key came to. The live region has the same words. */
export function StageNote(): ReactNode {
  const drawing = useStage((state) => state.drawing);
  const corner = useStage((state) => state.corner !== null);
  const cursor = useStage((state) => state.cursor);
  const { text, count, isShown } = useLabelling((state) => state.said);
  if (drawing) {
    return (
      <p className="label-stage-note" aria-hidden="true">
        {corner ? 'Now the corner across: click, or ' : 'New box: drag it, or click two corners, or '}
        arrow keys and Enter. Esc leaves off.
        {cursor !== null && (
          <span className="muted">
            {' '}
            {Math.round(cursor.x)}, {Math.round(cursor.y)}
          </span>
        )}
      </p>
    );
  }
  if (!isShown) return null;
  return (
    <p key={count} className="label-stage-note" data-passing="true" aria-hidden="true">
      {text}
    </p>
  );
}
