/** How one line of a chart looks; to be a constant of its module, since a new one makes a new plot. */
export interface ChartLine {
  readonly label: string;
  /** `#rrggbb`, or the name of one of the page's colours, such as `--d-text`. */
  readonly colour: string;
  /** Drawn thin and pale, without an entry in the legend. */
  readonly faint?: boolean;
  readonly points?: boolean;
  /** Lengths of strokes and gaps in pixels, so that lines differ by more than their colour; absent for a solid one. */
  readonly dash?: readonly number[];
}

/** What the numbers along the x axis count. */
export type XName = 'step' | 'epoch';

/** What a chart shows. */
export interface ChartData {
  readonly lines: readonly ChartLine[];
  /** Where the values stand, ascending: steps, or epochs. */
  readonly steps: readonly number[];
  /** For each line one value a step; null where there is none. */
  readonly values: readonly (readonly (number | null)[])[];
}
