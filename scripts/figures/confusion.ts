import type { Spec } from 'vega';
import type { ConfusionMatrix } from '../../src/metrics/confusion.ts';
import { fixed, whole } from '../../src/ui/numbers.ts';
import { COLOURS, drawFigure, type Figure } from './figure.ts';

/** From this share of the row on, what is right is drawn in the full accent, with other ink: as on the page. */
const MOST_OF_THEM = 0.6;

/** What was taken for what from a confidence up: rows are the truth, columns what was found. */
export function confusionFigure(
  classes: readonly string[],
  { cells }: ConfusionMatrix,
  confidence: number,
): Promise<Figure> {
  const none = classes.length;
  // A class may be called like the last row; the numbers tell them apart.
  const ids = [...classes.keys(), none];
  const edge = edgeOf(ids.length);
  const counted = ids.flatMap((truth) => {
    const row = cells[truth] ?? [];
    const total = Math.max(
      1,
      row.reduce((sum, { count }) => sum + count, 0),
    );
    return ids.map((found) => {
      const count = row[found]?.count ?? 0;
      const share = count / total;
      const right = truth === found && truth !== none;
      const strong = right && share > MOST_OF_THEM;
      return {
        truth,
        found,
        count,
        text: count === 0 ? '' : countText(count, edge),
        colour: count === 0 ? COLOURS['--d-soft'] : shade(right, share),
        ink: COLOURS[strong ? '--d-on-accent' : '--d-text'],
      };
    });
  });
  const labels = (last: string) => ids.map((id) => classes[id] ?? last);
  const spec: Spec = {
    width: ids.length * edge,
    height: ids.length * edge,
    signals: [
      { name: 'columns', value: labels('missed') },
      { name: 'rows', value: labels('nothing there') },
    ],
    data: [{ name: 'cells', values: counted }],
    scales: [
      { name: 'x', type: 'band', domain: ids, range: 'width', padding: 0.05 },
      { name: 'y', type: 'band', domain: ids, range: 'height', padding: 0.05 },
    ],
    axes: [
      {
        scale: 'x',
        orient: 'top',
        domain: false,
        ticks: false,
        labelOverlap: false,
        labelLimit: 140,
        labelAngle: -90,
        labelAlign: 'left',
        labelBaseline: 'middle',
        encode: { labels: { update: { text: { signal: 'columns[datum.value]' } } } },
      },
      {
        scale: 'y',
        orient: 'left',
        domain: false,
        ticks: false,
        labelOverlap: false,
        labelLimit: 160,
        encode: { labels: { update: { text: { signal: 'rows[datum.value]' } } } },
      },
    ],
    marks: [
      {
        type: 'rect',
        from: { data: 'cells' },
        encode: {
          enter: {
            x: { scale: 'x', field: 'found' },
            y: { scale: 'y', field: 'truth' },
            width: { scale: 'x', band: 1 },
            height: { scale: 'y', band: 1 },
            fill: { field: 'colour' },
            cornerRadius: { value: 2 },
          },
        },
      },
      {
        type: 'text',
        from: { data: 'cells' },
        encode: {
          enter: {
            x: { scale: 'x', field: 'found', band: 0.5 },
            y: { scale: 'y', field: 'truth', band: 0.5 },
            align: { value: 'center' },
            baseline: { value: 'middle' },
            fontSize: { value: edge >= 64 ? 13 : edge >= 40 ? 11 : edge >= 26 ? 9 : 7 },
            text: { field: 'text' },
            fill: { field: 'ink' },
          },
        },
      },
    ],
  };
  return drawFigure({
    name: 'confusion',
    title: 'Confusion',
    sentence: sentenceOf(classes, cells),
    note: `rows are truth, columns what was found with a confidence of ${fixed(confidence, 2)} or more, at an overlap of 0.5`,
    spec,
  });
}

/** The edge of a cell in pixels: room for its count as long as the figure stays of a page's size. */
function edgeOf(count: number): number {
  if (count <= 9) return 64;
  return count <= 24 ? 40 : Math.max(18, Math.floor(960 / count));
}

function countText(count: number, edge: number): string {
  return edge < 40 && count >= 1000 ? `${Math.round(count / 1000)}k` : whole(count);
}

/** The larger its share of the row, the stronger, as far as the count can be read: the accent for what is right, else grey. */
function shade(right: boolean, share: number): string {
  const strength = right && share > MOST_OF_THEM ? 0.84 + 0.16 * share : 0.1 + 0.35 * share;
  return mixed(COLOURS[right ? '--d-accent' : '--d-muted'], COLOURS['--d-soft'], strength);
}

/** `#rrggbb` with `share` of one colour and the rest of the other. */
function mixed(one: string, other: string, share: number): string {
  const channel = (colour: string, at: number) => Number.parseInt(colour.slice(at, at + 2), 16);
  const parts = [1, 3, 5].map((at) => Math.round(share * channel(one, at) + (1 - share) * channel(other, at)));
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function sentenceOf(classes: readonly string[], cells: ConfusionMatrix['cells']): string {
  const none = classes.length;
  const sum = (wanted: (truth: number, found: number) => boolean) =>
    cells.reduce(
      (all, row, truth) => all + row.reduce((n, { count }, found) => n + (wanted(truth, found) ? count : 0), 0),
      0,
    );
  const right = sum((truth, found) => truth === found);
  const missed = sum((truth, found) => truth !== none && found === none);
  const extra = sum((truth, found) => truth === none && found !== none);
  const taken = sum((truth, found) => truth !== found && truth !== none && found !== none);
  return `${whole(right)} objects were found under their own class, ${whole(taken)} under another, ${whole(missed)} were missed, and ${whole(extra)} boxes stand where nothing is.`;
}
