import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import type { ShownPicture } from '../../state/prediction.ts';
import { shownDetections } from '../../state/shown-detections.ts';
import { useClassColour } from '../class-colour.ts';
import { fixed } from '../numbers.ts';
import { usePrediction, usePreferences, useStudio } from '../studio.ts';

/**
 * The boxes of the selected picture; pointing at one, or going to it by the up and down keys, makes it stand out. Left and
 * right go to the picture before and after.
 */
export function FoundList({ picture }: { readonly picture: ShownPicture }): ReactNode {
  const { prediction } = useStudio();
  const threshold = usePreferences((state) => state.threshold);
  const list = useRef<HTMLDivElement>(null);
  const goingTo = useRef<number | null>(null);
  const shown = shownDetections(picture.prediction, threshold);

  // The list of the other picture is another one: the first of its boxes gets the focus that the old one had.
  useEffect(() => {
    if (goingTo.current !== picture.id) return;
    goingTo.current = null;
    (list.current?.querySelector('button') ?? list.current)?.focus();
  }, [picture.id]);

  const go = (event: KeyboardEvent): void => {
    const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (side !== undefined) {
      event.preventDefault();
      const { pictures, select } = prediction.getState();
      const next = pictures[pictures.findIndex(({ id }) => id === picture.id) + side];
      if (next === undefined) return;
      goingTo.current = next.id;
      select(next.id);
      document.getElementById(`picture-${next.id}`)?.scrollIntoView({ block: 'nearest' });
      return;
    }
    const move = { ArrowDown: 1, ArrowUp: -1, Home: Number.NEGATIVE_INFINITY, End: Number.POSITIVE_INFINITY }[
      event.key
    ];
    if (move === undefined) return;
    event.preventDefault();
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const at = buttons.findIndex((button) => button.matches(':focus'));
    buttons[Math.min(Math.max(at + move, 0), buttons.length - 1)]?.focus();
  };

  return (
    <section ref={list} className="found-list" tabIndex={-1} aria-label={`Boxes of ${picture.name}`} onKeyDown={go}>
      {shown.length > 0 ? <BoxTable shown={shown} /> : <p className="muted small">{emptyText(picture)}</p>}
    </section>
  );
}

function BoxTable({ shown }: { readonly shown: ReturnType<typeof shownDetections> }): ReactNode {
  const highlighted = usePrediction((state) => state.highlighted);
  const highlight = usePrediction((state) => state.highlight);
  const colourOf = useClassColour();
  return (
    <table className="found-table">
      <thead>
        <tr>
          <th scope="col">Label</th>
          <th scope="col">Score</th>
          <th scope="col">Box, px</th>
        </tr>
      </thead>
      <tbody>
        {shown.map(({ index, detection }, row) => (
          <tr
            key={index}
            data-on={highlighted === index}
            onPointerEnter={() => highlight(index)}
            onPointerLeave={() => highlight(null)}
          >
            <td>
              <button
                type="button"
                tabIndex={highlighted === index || (highlighted === null && row === 0) ? 0 : -1}
                onFocus={() => highlight(index)}
                onBlur={() => highlight(null)}
              >
                <i style={{ background: colourOf(detection.label, detection.labelId) }} />
                {detection.label}
              </button>
            </td>
            <td>{fixed(detection.score, 2)}</td>
            <td className="muted">{detection.boxXyxyPx.map((edge) => Math.round(edge)).join(' ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function emptyText({ status, prediction }: ShownPicture): string {
  if (status === 'failed') return 'This picture could not be predicted; the reason stands beside it.';
  if (prediction === null) return status === 'predicting' ? 'It is being looked at.' : 'It waits for its turn.';
  const best = prediction.detections[0];
  return best === undefined
    ? 'Nothing was found in this picture.'
    : `Nothing above the threshold. The best is ${best.label} with ${fixed(best.score, 2)}: move the threshold down to see it.`;
}
