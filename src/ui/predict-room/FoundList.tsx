import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { classColour } from '../../base/class-colours.ts';
import type { ShownPicture } from '../../state/prediction.ts';
import { shownDetections } from '../../state/shown-detections.ts';
import { fixed } from '../numbers.ts';
import { usePrediction, usePreferences } from '../studio.ts';

/** The boxes of the selected picture; pointing at one, or going to it by the arrow keys, makes it stand out. */
export function FoundList({ picture }: { readonly picture: ShownPicture }): ReactNode {
  const highlighted = usePrediction((state) => state.highlighted);
  const highlight = usePrediction((state) => state.highlight);
  const threshold = usePreferences((state) => state.threshold);
  const body = useRef<HTMLTableSectionElement>(null);
  const shown = shownDetections(picture.prediction, threshold);

  const go = (event: KeyboardEvent): void => {
    const move = { ArrowDown: 1, ArrowUp: -1, Home: Number.NEGATIVE_INFINITY, End: Number.POSITIVE_INFINITY }[
      event.key
    ];
    if (move === undefined) return;
    event.preventDefault();
    const buttons = [...(body.current?.querySelectorAll('button') ?? [])];
    const at = buttons.findIndex((button) => button.matches(':focus'));
    buttons[Math.min(Math.max(at + move, 0), buttons.length - 1)]?.focus();
  };

  const best = picture.prediction?.detections[0];
  if (shown.length === 0 && picture.prediction !== null) {
    return (
      <p className="muted small">
        {best === undefined
          ? 'Nothing was found in this picture.'
          : `Nothing above the threshold. The best is ${best.label} with ${fixed(best.score, 2)}: move the threshold down to see it.`}
      </p>
    );
  }
  return (
    <table className="found-table">
      <thead>
        <tr>
          <th scope="col">Label</th>
          <th scope="col">Score</th>
          <th scope="col">Box, px</th>
        </tr>
      </thead>
      <tbody ref={body} onKeyDown={go}>
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
                <i style={{ background: classColour(detection.labelId) }} />
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
