import { type ReactNode, useState } from 'react';
import type { EvaluationResult } from '../../rpc/protocol.ts';
import { useClassColour } from '../class-colour.ts';
import { fixed, whole } from '../numbers.ts';
import { useEvaluation } from '../studio.ts';
import './class-table.css';

type SortKey = 'name' | 'objects' | 'ap50' | 'ap';

const COLUMNS: readonly { readonly key: SortKey; readonly label: string }[] = [
  { key: 'name', label: 'Class' },
  { key: 'objects', label: 'Objects' },
  { key: 'ap50', label: 'VOC AP50' },
  { key: 'ap', label: 'COCO AP' },
];

interface ClassRow {
  readonly classId: number;
  readonly name: string;
  readonly objects: number;
  readonly ap50: number | null;
  readonly ap: number | null;
}

/** Objects, VOC AP50 and COCO AP of each class with a bar; choosing one draws its curve. */
export function ClassTable({ result }: { readonly result: EvaluationResult }): ReactNode {
  const classId = useEvaluation((state) => state.classId);
  const chooseClass = useEvaluation((state) => state.chooseClass);
  const [sort, setSort] = useState<{ key: SortKey; down: boolean } | null>(null);
  const { voc, coco } = result.report;
  const colourOf = useClassColour();

  const rows = result.classes.map(
    (name, id): ClassRow => ({
      classId: id,
      name,
      objects: voc.per_class[name]?.npos ?? 0,
      ap50: voc.per_class[name]?.ap50 ?? null,
      ap: coco.per_class[name] ?? null,
    }),
  );
  const shown = sort === null ? rows : rows.toSorted((a, b) => compare(a, b, sort.key) * (sort.down ? -1 : 1));
  const objects = rows.reduce((sum, row) => sum + row.objects, 0);

  return (
    <section className="card evaluate-card" aria-labelledby="by-class-title">
      <div className="evaluate-card-head">
        <h2 id="by-class-title">By class</h2>
        <span className="small muted">choose one to see its curve</span>
      </div>
      <p className="only-read-aloud">{describe(rows)}</p>
      <div className="class-table-frame">
        <table className="class-table">
          <thead>
            <tr>
              {COLUMNS.map(({ key, label }) => (
                <th
                  key={key}
                  scope="col"
                  aria-sort={sort?.key === key ? (sort.down ? 'descending' : 'ascending') : 'none'}
                >
                  <button type="button" onClick={() => setSort(nextSort(sort, key))}>
                    {label}
                    <span aria-hidden="true">{sort?.key === key ? (sort.down ? ' ↓' : ' ↑') : ''}</span>
                  </button>
                </th>
              ))}
              <td className="class-bar" aria-hidden="true" />
            </tr>
          </thead>
          <tbody>
            <tr data-on={classId === null}>
              <th scope="row">
                <button type="button" aria-pressed={classId === null} onClick={() => chooseClass(null)}>
                  <i className="all-classes" />
                  <span>all classes</span>
                </button>
              </th>
              <td>{whole(objects)}</td>
              <td>{fixed(voc.map50, 2)}</td>
              <td>{fixed(coco.AP, 2)}</td>
              <Bar value={voc.map50} colour="var(--d-muted)" />
            </tr>
            {shown.map((row) => (
              <tr key={row.name} data-on={classId === row.classId}>
                <th scope="row">
                  <button
                    type="button"
                    title={row.name}
                    aria-pressed={classId === row.classId}
                    onClick={() => chooseClass(classId === row.classId ? null : row.classId)}
                  >
                    <i style={{ background: colourOf(row.name, row.classId) }} />
                    <span>{row.name}</span>
                  </button>
                </th>
                <td>{whole(row.objects)}</td>
                <td>{fixed(row.ap50, 2)}</td>
                <td>{fixed(row.ap, 2)}</td>
                <Bar value={row.ap50} colour={colourOf(row.name, row.classId)} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Bar({ value, colour }: { readonly value: number | null; readonly colour: string }): ReactNode {
  return (
    <td className="class-bar" aria-hidden="true">
      <span>{value !== null && <b style={{ width: `${100 * value}%`, background: colour }} />}</span>
    </td>
  );
}

/** Figures begin with the highest, names with the first; a third click gives the order of the classes back. */
function nextSort(sort: { key: SortKey; down: boolean } | null, key: SortKey): { key: SortKey; down: boolean } | null {
  const first = key !== 'name';
  if (sort?.key !== key) return { key, down: first };
  return sort.down === first ? { key, down: !first } : null;
}

function compare(a: ClassRow, b: ClassRow, key: SortKey): number {
  if (key === 'name') return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
  return (a[key] ?? -1) - (b[key] ?? -1);
}

function describe(rows: readonly ClassRow[]): string {
  const measured = rows.flatMap(({ name, ap50 }) => (ap50 === null ? [] : [{ name, ap50 }]));
  const sorted = measured.toSorted((a, b) => b.ap50 - a.ap50);
  const best = sorted[0];
  const worst = sorted.at(-1);
  if (best === undefined || worst === undefined) return 'There is no class with objects in these pictures.';
  if (best === worst) return `AP50 of ${best.name} is ${fixed(best.ap50, 2)}.`;
  return `AP50 goes from ${fixed(worst.ap50, 2)} for ${worst.name} to ${fixed(best.ap50, 2)} for ${best.name}.`;
}
