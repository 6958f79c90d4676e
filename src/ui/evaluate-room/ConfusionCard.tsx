import { type KeyboardEvent, memo, type ReactNode, useMemo, useRef } from 'react';
import type { ConfusionMatrix } from '../../metrics/confusion.ts';
import type { CountedImages } from '../../metrics/types.ts';
import { whole } from '../numbers.ts';
import { useEvaluation } from '../studio.ts';
import { cellWords } from './picture-words.ts';
import './confusion.css';

export interface ConfusionCardProps {
  readonly classes: readonly string[];
  readonly matrix: ConfusionMatrix;
}

/** Up to so many classes share the width of the card; with more, the matrix scrolls in it. */
const FEW_CLASSES = 8;

/** What was taken for what: each count opens the pictures behind it. */
export function ConfusionCard({ classes, matrix }: ConfusionCardProps): ReactNode {
  const body = useRef<HTMLTableSectionElement>(null);
  const columns = useMemo(() => headings(classes, 'missed'), [classes]);
  const rows = useMemo(() => headings(classes, 'nothing there'), [classes]);
  const few = classes.length <= FEW_CLASSES;
  return (
    <section className="card evaluate-card" aria-labelledby="confusion-title">
      <div className="evaluate-card-head">
        <h2 id="confusion-title">Confusion</h2>
        <span className="small muted">rows are truth, columns what was found</span>
      </div>
      <p className="only-read-aloud">{describe(classes, matrix)}</p>
      <div className="confusion-frame">
        <table className="confusion" data-few={few}>
          <thead>
            <tr>
              <td />
              {columns.map(({ key, name }) => (
                <th key={key} scope="col" title={name}>
                  <span>{name}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body} onKeyDown={(event) => moveFocus(event, body.current)}>
            {rows.map(({ key, name, id: row }) => (
              <Row
                key={key}
                row={row}
                name={name}
                classes={classes}
                columns={columns}
                cells={matrix.cells[row] ?? []}
                firstFocus={row === firstRow(matrix)}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** The classes and then `last`; a class may be called like that too. */
function headings(classes: readonly string[], last: string): readonly { key: string; name: string; id: number }[] {
  return [
    ...classes.map((name, id) => ({ key: `class ${name}`, name, id })),
    { key: 'none', name: last, id: classes.length },
  ];
}

interface RowProps {
  readonly row: number;
  readonly name: string;
  readonly classes: readonly string[];
  readonly columns: ReturnType<typeof headings>;
  readonly cells: readonly CountedImages[];
  /** The tab key reaches the first count of this row. */
  readonly firstFocus: boolean;
}

/** Drawn again only where a count has changed: a matrix of eighty classes has thousands of cells. */
const Row = memo(
  function Row({ row, name, classes, columns, cells, firstFocus }: RowProps): ReactNode {
    const of = useEvaluation((state) => state.picturesOf);
    const showPictures = useEvaluation((state) => state.showPictures);
    const total = Math.max(
      1,
      cells.reduce((sum, { count }) => sum + count, 0),
    );
    const first = firstFocus ? cells.findIndex(({ count }) => count > 0) : -1;
    return (
      <tr>
        <th scope="row" title={name}>
          <span>{name}</span>
        </th>
        {columns.map(({ key, id: column }) => {
          const count = cells[column]?.count ?? 0;
          if (count === 0) return <td key={key} />;
          const on = of.kind === 'cell' && of.truth === row && of.found === column;
          const right = row === column;
          const share = count / total;
          return (
            <td key={key}>
              <button
                type="button"
                data-strong={right && share > MOST_OF_THEM}
                data-row={row}
                data-column={column}
                tabIndex={on || column === first ? 0 : -1}
                style={{ background: shade(right, share) }}
                aria-pressed={on}
                aria-label={`${whole(count)}: ${cellWords(classes, row, column)}`}
                title={cellWords(classes, row, column)}
                onClick={() => showPictures(on ? { kind: 'all' } : { kind: 'cell', truth: row, found: column })}
              >
                {whole(count)}
              </button>
            </td>
          );
        })}
      </tr>
    );
  },
  (old, now) =>
    old.classes === now.classes &&
    old.firstFocus === now.firstFocus &&
    old.cells.length === now.cells.length &&
    old.cells.every(({ count }, column) => count === now.cells[column]?.count),
);

/** From this share of the row on, what is right is drawn in the full accent, with other ink. */
const MOST_OF_THEM = 0.6;

/** The larger its share of the row, the stronger, as far as the count can be read: the accent for what is right, else grey. */
function shade(right: boolean, share: number): string {
  const percent = Math.round(right && share > MOST_OF_THEM ? 84 + 16 * share : 10 + 35 * share);
  return `color-mix(in srgb, var(${right ? '--d-accent' : '--d-muted'}) ${percent}%, var(--d-soft))`;
}

function firstRow({ cells }: ConfusionMatrix): number {
  return cells.findIndex((row) => row.some(({ count }) => count > 0));
}

/** Arrows go to the next count in that direction: along the row, or to the nearest one of the next row that has some. */
function moveFocus(event: KeyboardEvent, body: HTMLElement | null): void {
  const from = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('button[data-row]') : null;
  if (body === null || from === null || event.ctrlKey || event.metaKey || event.altKey) return;
  const row = Number(from.dataset.row);
  const column = Number(from.dataset.column);
  const buttons = [...body.querySelectorAll<HTMLElement>('button[data-row]')];
  const at = buttons.indexOf(from);
  const next = ((): HTMLElement | undefined => {
    switch (event.key) {
      case 'ArrowRight':
        return buttons[at + 1];
      case 'ArrowLeft':
        return buttons[at - 1];
      case 'Home':
        return buttons[0];
      case 'End':
        return buttons.at(-1);
      case 'ArrowDown':
        return nearest(
          buttons.filter((other) => Number(other.dataset.row) > row),
          column,
        );
      case 'ArrowUp':
        return nearest(buttons.filter((other) => Number(other.dataset.row) < row).reverse(), column);
      default:
        return undefined;
    }
  })();
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

function nearest(buttons: readonly HTMLElement[], column: number): HTMLElement | undefined {
  const nextRow = buttons.filter((other) => other.dataset.row === buttons[0]?.dataset.row);
  return nextRow.toSorted(
    (a, b) => Math.abs(Number(a.dataset.column) - column) - Math.abs(Number(b.dataset.column) - column),
  )[0];
}

function describe(classes: readonly string[], { cells }: ConfusionMatrix): string {
  const none = classes.length;
  let right = 0;
  let missed = 0;
  let extra = 0;
  let worst = { count: 0, words: '' };
  cells.forEach((row, truth) => {
    row.forEach(({ count }, found) => {
      if (truth === found) right += count;
      else if (found === none) missed += count;
      else if (truth === none) extra += count;
      else if (count > worst.count) worst = { count, words: cellWords(classes, truth, found) };
    });
  });
  const often =
    worst.count === 0 ? 'No class was taken for another.' : `Most often ${worst.words}, ${worst.count} times.`;
  return `${right} objects were found under their own class, ${missed} were missed, and ${extra} boxes stand where nothing is. ${often}`;
}
