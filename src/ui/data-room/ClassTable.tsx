import { type ReactNode, useMemo } from 'react';
import type { SetStatistics } from '../../state/set-statistics.ts';
import { useClassColour } from '../class-colour.ts';
import { whole } from '../numbers.ts';

/** How strong the parts of a bar are, the first split first; what is in no split comes last. */
const STRENGTHS = [1, 0.55, 0.35, 0.25];

/** Boxes by class, the most frequent first, a bar each with a part a split. */
export function ClassTable({ statistics }: { readonly statistics: SetStatistics }): ReactNode {
  const { classes, splits } = statistics;
  const colourOf = useClassColour();
  const sorted = useMemo(() => [...classes].sort((a, b) => b.boxes - a.boxes), [classes]);
  const most = Math.max(1, ...classes.map(({ boxes }) => boxes));
  // What holds the others would be counted twice.
  const stacked = splits.flatMap((name, place) => (name === 'trainval' ? [] : [{ name, place }]));
  return (
    <section className="card class-card" aria-labelledby="classes-title">
      <div className="card-head">
        <h2 id="classes-title">Classes</h2>
        <span className="small muted">
          boxes{stacked.length > 0 && `, from strong to pale: ${stacked.map(({ name }) => name).join(', ')}`}
        </span>
      </div>
      <p className="only-read-aloud">{sentence(sorted.map(({ name, boxes }) => ({ name, boxes })))}</p>
      <div className="table-scroll">
        <table className="set-classes">
          <thead>
            <tr>
              <th scope="col">Class</th>
              <th scope="col" className="set-class-bar-head">
                <span className="only-read-aloud">Bar</span>
              </th>
              <th scope="col">Boxes</th>
              {stacked.map(({ name }) => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ))}
              <th scope="col">Images</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map(({ name, labelId, boxes, boxesBySplit, pictures }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className="set-class-bar" aria-hidden="true">
                  <span style={{ width: `${(100 * boxes) / most}%` }}>
                    {stacked.map(({ name: split, place }) => (
                      <i
                        key={split}
                        style={{
                          flexGrow: boxesBySplit[place] ?? 0,
                          background: colourOf(name, labelId),
                          opacity: STRENGTHS[Math.min(place, STRENGTHS.length - 1)],
                        }}
                      />
                    ))}
                    <i
                      style={{
                        flexGrow: Math.max(
                          0,
                          boxes - stacked.reduce((sum, { place }) => sum + (boxesBySplit[place] ?? 0), 0),
                        ),
                        background: colourOf(name, labelId),
                        opacity: STRENGTHS.at(-1),
                      }}
                    />
                  </span>
                </td>
                <td>{whole(boxes)}</td>
                {stacked.map(({ name: split, place }) => (
                  <td key={split} className="muted">
                    {whole(boxesBySplit[place] ?? 0)}
                  </td>
                ))}
                <td className="muted">{whole(pictures)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function sentence(sorted: readonly { readonly name: string; readonly boxes: number }[]): string {
  const first = sorted[0];
  const last = sorted.at(-1);
  if (first === undefined || last === undefined) return 'There are no classes.';
  if (first === last) return `One class, ${first.name}, with ${whole(first.boxes)} boxes.`;
  return `${sorted.length} classes. The most frequent is ${first.name} with ${whole(first.boxes)} boxes, the rarest ${last.name} with ${whole(last.boxes)}.`;
}
