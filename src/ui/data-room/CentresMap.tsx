import type { ReactNode } from 'react';
import { CENTRE_CELLS } from '../../state/set-statistics.ts';
import { whole } from '../numbers.ts';

/** Where in their pictures the centres of boxes lie, the fuller the darker. */
export function CentresMap({ centres }: { readonly centres: readonly number[] }): ReactNode {
  const most = Math.max(1, ...centres);
  return (
    <figure className="card histogram" aria-label="Positions">
      <figcaption>
        <h2>Positions</h2> <span className="small muted">centres of boxes in their images</span>
      </figcaption>
      <p className="only-read-aloud">{sentence(centres)}</p>
      <svg
        className="centres"
        viewBox={`0 0 ${CENTRE_CELLS} ${CENTRE_CELLS}`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {cellsOf(centres).map(({ key, x, y, count }) => (
          <rect key={key} x={x} y={y} width={1} height={1} fillOpacity={count === 0 ? 0 : 0.08 + (0.92 * count) / most}>
            <title>{`${whole(count)} ${count === 1 ? 'box' : 'boxes'}`}</title>
          </rect>
        ))}
      </svg>
    </figure>
  );
}

function cellsOf(centres: readonly number[]) {
  return centres.map((count, cell) => {
    const x = cell % CENTRE_CELLS;
    const y = Math.floor(cell / CENTRE_CELLS);
    return { key: `${x} ${y}`, x, y, count };
  });
}

function sentence(centres: readonly number[]): string {
  const total = centres.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 'There are no boxes.';
  const quarter = CENTRE_CELLS / 4;
  const inside = centres.reduce((sum, count, cell) => {
    const middle = (at: number): boolean => at >= quarter && at < CENTRE_CELLS - quarter;
    return middle(cell % CENTRE_CELLS) && middle(Math.floor(cell / CENTRE_CELLS)) ? sum + count : sum;
  }, 0);
  return `${Math.round((100 * inside) / total)} per cent of ${whole(total)} boxes have their centre in the middle half of the picture, each way.`;
}
