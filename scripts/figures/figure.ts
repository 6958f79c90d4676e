import { type Config, Error as LOG_ERRORS, logger, parse, type Spec, View } from 'vega';
import { escapeXml } from '../../src/base/escape-xml.ts';
import { PAGE_COLOURS } from '../../src/ui/page-colours.ts';

/** The figures of a run, of a data set, and of what was found in one, in the order of the report: the stems of their files. */
export const RUN_FIGURES = ['loss', 'average-precision', 'precision-recall', 'confusion', 'predictions'] as const;
export const DATA_FIGURES = [
  'classes',
  'box-sizes',
  'box-shapes',
  'box-positions',
  'boxes-per-picture',
  'picture-sizes',
  'pictures',
] as const;
export const CHECK_FIGURES = ['duplicates'] as const;
export type FigureName = (typeof RUN_FIGURES | typeof DATA_FIGURES | typeof CHECK_FIGURES)[number];

/** One figure of a report. */
export interface Figure {
  readonly name: FigureName;
  readonly title: string;
  /** What it shows, for those who do not see it. */
  readonly sentence: string;
  readonly svg: string;
}

/** A figure that could not be drawn, and why: a full sentence. */
export interface LeftOut {
  readonly name: FigureName;
  readonly reason: string;
}

/** The page's light colours by name: figures stand on white paper. */
export const COLOURS = PAGE_COLOURS.light;

/** What text is set in; a viewer takes the first that it has, and sharp one of the machine's own. */
export const FIGURE_FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

/** What fits beside a page of text; a plot and its axes share it. */
export const FIGURE_WIDTH = 960;

/** Of axes and legends. */
const LETTERS = {
  labelFont: FIGURE_FONT,
  labelFontSize: 12,
  labelColor: COLOURS['--d-muted'],
  titleFont: FIGURE_FONT,
  titleFontSize: 12,
  titleFontWeight: 'normal',
  titleColor: COLOURS['--d-muted'],
} as const;

const CONFIG: Config = {
  background: COLOURS['--d-panel'],
  padding: 20,
  title: {
    anchor: 'start',
    frame: 'bounds',
    font: FIGURE_FONT,
    fontSize: 18,
    fontWeight: 600,
    color: COLOURS['--d-text'],
    subtitleFont: FIGURE_FONT,
    subtitleFontSize: 13,
    subtitleColor: COLOURS['--d-muted'],
    subtitlePadding: 6,
    offset: 16,
  },
  axis: {
    ...LETTERS,
    titlePadding: 8,
    gridColor: COLOURS['--d-line'],
    domainColor: COLOURS['--d-scroll'],
    tickColor: COLOURS['--d-scroll'],
    labelOverlap: 'greedy',
  },
  legend: {
    ...LETTERS,
    symbolStrokeWidth: 2.5,
    labelLimit: 220,
  },
  text: { font: FIGURE_FONT, fontSize: 12, fill: COLOURS['--d-muted'] },
};

export interface FigureSpec extends Omit<Figure, 'svg'> {
  /** Beside the title, such as the numbers that matter most. */
  readonly note?: string;
  readonly spec: Spec;
}

/** Draws a specification of Vega's in the page's colours. Nothing in it may name an address: it is drawn from its values alone. */
export async function drawFigure({ name, title, sentence, note, spec }: FigureSpec): Promise<Figure> {
  const whole: Spec = {
    ...spec,
    title: { text: title, ...(note !== undefined && { subtitle: wrapped(note, spec.width) }) },
  };
  const view = new View(parse(whole, CONFIG), { renderer: 'none', logger: logger(LOG_ERRORS) });
  try {
    return { name, title, sentence, svg: `${told(await view.toSVG(), title, sentence)}\n` };
  } finally {
    view.finalize();
  }
}

/** The drawing with its title and description for those who do not see it, and without characters that XML cannot hold. */
function told(svg: string, title: string, sentence: string): string {
  const words = `<title>${escapeXml(title)}</title><desc>${escapeXml(sentence)}</desc>`;
  return svg
    .replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '')
    .replace(/^<svg ([^>]*)>/, (_, attributes: string) => `<svg role="img" ${attributes}>${words}`);
}

/** Vega reckons with letters of 0.8 em where it can't measure them, and would make a figure as wide as it takes its note to be. */
const NOTE_LETTER = 0.8 * 13;
const LEAST_LETTERS = 52;

function wrapped(note: string, width: Spec['width']): string[] {
  const letters = Math.max(LEAST_LETTERS, Math.floor((typeof width === 'number' ? width : FIGURE_WIDTH) / NOTE_LETTER));
  const lines: string[] = [];
  for (const word of note.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= letters) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The colour a chart line of the page has on paper: `#rrggbb` as it is, the page's own by their names. */
export function paperColour(colour: string): string {
  return Object.entries(COLOURS).find(([name]) => name === colour)?.[1] ?? colour;
}
