import type { ChartData, XName } from './chart-line.ts';
import { type AxisRange, logTicks, roundTicks, valueRange } from './scales.ts';

export interface ChartDrawing extends ChartData {
  readonly title: string;
  /** What the chart shows, for those who do not see it. */
  readonly sentence: string;
  readonly xName: XName;
  /** The right end of the x axis. */
  readonly lastStep: number;
  /** The top of the y axis, or null for the highest value. */
  readonly top: number | null;
  readonly log: boolean;
  readonly tick: (value: number) => string;
  /** `#rrggbb` of the page's colours, by name. */
  readonly colourOf: (name: string) => string;
}

const WIDTH = 960;
const HEIGHT = 480;
const LEFT = 72;
const RIGHT = 24;
const BOTTOM = 56;
const LEGEND_ROW = 20;
/** The width of a letter at 13 px, on the wide side. */
const LETTER = 7.4;
const LONGEST_LABEL = 48;

/** A chart as an SVG file that stands alone: title, axes, legend and lines, in the page's colours. */
export function chartSvg(drawing: ChartDrawing): string {
  const { title, sentence, lines, steps, values, xName, lastStep, top, log, tick, colourOf } = drawing;
  const legend = legendPlaces(lines.flatMap((line, index) => (line.faint === true ? [] : [{ index, ...line }])));
  const plotTop = 56 + legend.rows * LEGEND_ROW;
  const plotBottom = HEIGHT - BOTTOM;
  const shown = values.flatMap((line) =>
    line.filter((value): value is number => value !== null && (!log || value > 0)),
  );
  const range = valueRange(lowestOf(shown), highestOf(shown), top, log);
  const x = (step: number): number => LEFT + (step / lastStep) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => plotBottom - share(value, range, log) * (plotBottom - plotTop);
  const muted = colourOf('--d-muted');
  const yTicks = log ? logTicks(range) : roundTicks(range, 5);
  const xTicks = roundTicks({ from: 0, to: lastStep }, 8, xName === 'step' ? 1 : 0);

  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" font-family="system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif" font-size="13">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(sentence)}</desc>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="${colourOf('--d-panel')}"/>`,
    `<text x="${LEFT}" y="34" font-size="18" font-weight="600" fill="${colourOf('--d-text')}">${escaped(title)}</text>`,
  ];
  for (const { index, column, row, text } of legend.entries) {
    const line = lines[index];
    if (line === undefined) continue;
    const middle = 56 + row * LEGEND_ROW;
    parts.push(
      `<path d="M${round(column)} ${middle}h22" stroke="${colourOf(line.colour)}" stroke-width="2.5"${dashes(line.dash)}/>`,
      `<text x="${round(column + 28)}" y="${middle + 4}" fill="${muted}">${escaped(text)}</text>`,
    );
  }
  for (const value of yTicks) {
    const at = round(y(value));
    parts.push(
      `<path d="M${LEFT} ${at}H${WIDTH - RIGHT}" stroke="${colourOf('--d-line')}"/>`,
      `<text x="${LEFT - 8}" y="${round(at + 4)}" text-anchor="end" fill="${muted}">${escaped(tick(value))}</text>`,
    );
  }
  for (const step of xTicks) {
    const at = round(x(step));
    parts.push(`<text x="${at}" y="${plotBottom + 20}" text-anchor="middle" fill="${muted}">${step}</text>`);
  }
  parts.push(
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 12}" text-anchor="middle" fill="${muted}">${xName}</text>`,
  );
  lines.forEach((line, index) => {
    const points = steps.flatMap((step, at) => {
      const value = values[index]?.[at];
      return value === null || value === undefined || (log && value <= 0)
        ? []
        : [{ x: round(x(step)), y: round(y(value)) }];
    });
    if (points.length === 0) return;
    const colour = colourOf(line.colour);
    const path = points.map((point, at) => `${at === 0 ? 'M' : 'L'}${point.x} ${point.y}`).join('');
    const weight = line.faint === true ? 'stroke-width="1" stroke-opacity="0.28"' : 'stroke-width="2"';
    parts.push(
      `<path d="${path}" fill="none" stroke="${colour}" ${weight} stroke-linejoin="round"${dashes(line.dash)}/>`,
    );
    if (line.points === true || points.length === 1) {
      parts.push(...points.map((point) => `<circle cx="${point.x}" cy="${point.y}" r="3" fill="${colour}"/>`));
    }
  });
  return `${parts.join('\n')}\n</svg>\n`;
}

interface LegendEntry {
  readonly index: number;
  readonly column: number;
  readonly row: number;
  readonly text: string;
}

/** From left to right, a new row where the next name does not fit. One line alone needs no legend: the title names it. */
function legendPlaces(named: readonly { readonly index: number; readonly label: string }[]): {
  readonly entries: readonly LegendEntry[];
  readonly rows: number;
} {
  if (named.length < 2) return { entries: [], rows: 0 };
  let column = LEFT;
  let row = 0;
  const entries = named.map(({ index, label }): LegendEntry => {
    const text = label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL - 1)}…` : label;
    const width = 28 + text.length * LETTER + 18;
    if (column > LEFT && column + width > WIDTH - RIGHT) {
      column = LEFT;
      row += 1;
    }
    const entry = { index, column, row, text };
    column += width;
    return entry;
  });
  return { entries, rows: row + 1 };
}

function share(value: number, { from, to }: AxisRange, log: boolean): number {
  return log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
}

function lowestOf(values: readonly number[]): number {
  return values.reduce((lowest, value) => Math.min(lowest, value), Number.POSITIVE_INFINITY);
}

function highestOf(values: readonly number[]): number {
  return values.reduce((highest, value) => Math.max(highest, value), Number.NEGATIVE_INFINITY);
}

function dashes(dash: readonly number[] | undefined): string {
  return dash === undefined ? '' : ` stroke-dasharray="${dash.join(' ')}"`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escaped(text: string): string {
  // Control characters, which XML does not allow even as references, are left out.
  return text.replace(/\p{Cc}/gu, '').replace(/[<>&"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
